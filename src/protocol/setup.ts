/** What crosses for the first run: models to choose from, as ready words and numbers, and what the view asks. */
import * as v from 'valibot';

/** What a model would do on this machine. */
export interface SetupFit {
  /** `partly`: it runs, and slower than it might; `none`: there is not enough memory. */
  readonly kind: 'well' | 'partly' | 'none';
  /** "Fits your GPU: 36/36 layers". */
  readonly text: string;
  /** Absent where no layer could be on a GPU. */
  readonly layers?: { readonly gpu: number; readonly all: number };
}

/** A model at one quantisation. */
export interface SetupFile {
  readonly quantisation: string;
  /** "2.5 GB". */
  readonly size: string;
  /** "32k context, 128k with YaRN". */
  readonly window: string;
  readonly fit: SetupFit;
  /** Absolute path, where it lies here already. */
  readonly path?: string;
}

export interface SetupDownload {
  /** `busy`: something is being done, bytes or not. */
  readonly kind: 'busy' | 'paused' | 'failed';
  /** Share that has arrived, 0 to 1; absent while the size is unknown. */
  readonly share?: number;
  /** "43 %", "24 MB/s", "about 1 min left". */
  readonly parts: readonly string[];
  /** What a screen reader is told when it changes; seldom. */
  readonly news: string;
  /** Why it failed, in one sentence, and what can be done about it; chosen by their place. */
  readonly error?: string;
  readonly ways: readonly string[];
}

export interface SetupCard {
  /** In the catalogue. */
  readonly id: string;
  readonly name: string;
  /** What it is, in a few words. */
  readonly description: string;
  /** Why it is recommended; absent: it is not. */
  readonly recommended?: string;
  /** Those that take least first. */
  readonly files: readonly SetupFile[];
  /** The quantisation that is shown. */
  readonly chosen: string;
  /** Of the chosen quantisation. */
  readonly download?: SetupDownload;
}

/** A model that is on this computer already. */
export interface SetupFound {
  readonly path: string;
  readonly name: string;
  /** "In Ollama, 2.5 GB". */
  readonly where: string;
}

export interface SetupState {
  readonly status: 'reading' | 'ready' | 'failed';
  /** Why nothing could be read, in one sentence. */
  readonly problem?: string;
  /** "NVIDIA RTX 4070, 10.9 of 12 GB free". */
  readonly machine?: string;
  /** That no model fits, what the smallest needs, and what there is. */
  readonly nothingFits?: string;
  /** Best first. */
  readonly found: readonly SetupFound[];
  /** The recommended one first. */
  readonly cards: readonly SetupCard[];
  /** Host that downloads come from. */
  readonly source: string;
}

const model = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const quantisation = v.pipe(v.string(), v.minLength(1), v.maxLength(32));

export const setupActions = ['choose', 'download', 'pause', 'resume', 'cancel'] as const;

/** View to host; models and paths are looked up in what was shown. */
export const setupRequests = [
  v.strictObject({ type: v.literal('setupModel'), action: v.picklist(setupActions), model, quantisation }),
  /** A way out of a failed download, by its place. */
  v.strictObject({ type: v.literal('setupWay'), model, quantisation, way: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)) }),
  v.strictObject({ type: v.literal('setupUse'), path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)) }),
  v.strictObject({ type: v.literal('setupFile') }),
  v.strictObject({ type: v.literal('setupAgain') }),
] as const;
export const setupRequest = v.variant('type', [...setupRequests]);
export type SetupRequest = v.InferOutput<typeof setupRequest>;
