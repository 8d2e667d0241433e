/** What there is to choose from on this machine: what can be downloaded, what lies here, and what each would do. */
import type { PonderError } from '../base/errors.ts';
import type { Hardware } from '../protocol/engine.ts';
import type { CatalogueModel } from './catalogue/schema.ts';
import type { Wanted } from './download/wanted.ts';
import type { Fit } from './fit/fit.ts';
import type { Recommendation } from './fit/recommend.ts';
import type { FoundModel } from './found/found.ts';
import type { Refusal } from './header/refusal.ts';

/** A model of the catalogue at one quantisation. */
export interface OfferedFile {
  readonly quantisation: string;
  /** Of all parts, bytes; exact where the hub has said so. */
  readonly bytes: number;
  readonly exact: boolean;
  readonly fit: Fit;
  /** What a download is asked with. */
  readonly wanted: Wanted;
  /** Absolute path, where it lies here already. */
  readonly path?: string;
}

export interface Offered {
  readonly model: CatalogueModel;
  /** Those that take least first. */
  readonly files: readonly OfferedFile[];
}

/** A file that is here, wherever it came from. */
export interface Found {
  readonly file: FoundModel;
  /** In the catalogue, where it is known by name. */
  readonly model?: CatalogueModel;
  /** Absent where its header could not be read. */
  readonly fit?: Fit;
  /** Absent where nothing is wrong with it. */
  readonly refusal?: Refusal;
  readonly quantisation?: string;
  /** False: it can complete code and not be talked to. */
  readonly chats?: boolean;
}

export interface Choices {
  readonly hardware: Hardware;
  /** Why the engine could not say what the machine has, where it could not: then `hardware` knows of no GPU. */
  readonly guessed?: PonderError;
  readonly recommendation: Recommendation;
  /** In the catalogue's order, which begins with the best for chats. */
  readonly offered: readonly Offered[];
  readonly found: readonly Found[];
}
