/** How fast the loaded model reads and writes: ten seconds, by the way that a chat takes, and in no conversation. */
import type { Backend, BackendEvent } from '../../backends/backend.ts';
import { isAbort } from '../../base/errors.ts';
import type { ChatParams } from '../../protocol/engine.ts';

export interface Speed {
  /** Tokens per second; absent where nothing could be measured. */
  readonly reading?: number;
  readonly writing?: number;
  /** Tokens that were read, and written, for it. */
  readonly read: number;
  readonly written: number;
}

export interface SpeedTestOptions {
  readonly backend: Pick<Backend, 'chat'>;
  /** ms. */
  readonly now: () => number;
  /** Aborts after so many ms. */
  readonly timeout: (ms: number) => AbortSignal;
  /** Keeps one test's prompt from being found in the cache of the one before. */
  readonly nonce: string;
  readonly signal: AbortSignal;
  /** Tokens that the window holds. */
  readonly window: number;
}

/** ms for each half. */
const half = 5000;

/** @throws PonderError as `chat` does; an AbortError where `signal` aborts */
export async function speedTest(options: SpeedTestOptions): Promise<Speed> {
  const reading = await measure(options, longPrompt(options), readingRate);
  const writing = await measure(options, shortPrompt(options), writingRate);
  return { ...(reading.rate === undefined ? {} : { reading: reading.rate }), ...(writing.rate === undefined ? {} : { writing: writing.rate }), read: reading.tokens, written: writing.tokens };
}

interface Sample {
  readonly at: number;
  readonly tokens: number;
}
interface Rate {
  readonly rate: number | undefined;
  readonly tokens: number;
}

/** Runs a chat for half of the time, and looks at what came when. */
async function measure({ backend, now, timeout, signal }: SpeedTestOptions, params: ChatParams, sampleOf: (event: BackendEvent) => number | undefined): Promise<Rate> {
  const enough = new AbortController();
  const samples: Sample[] = [];
  let clock: AbortSignal | undefined;
  const onTime = (): void => enough.abort();
  try {
    for await (const event of backend.chat(params, AbortSignal.any([signal, enough.signal]))) {
      // The time begins with the first sign of work: another window may have had the engine before.
      if (!clock) {
        clock = timeout(half);
        clock.addEventListener('abort', onTime, { once: true });
      }
      const tokens = sampleOf(event);
      if (tokens !== undefined) samples.push({ at: now(), tokens });
    }
  } catch (error) {
    if (!isAbort(error) || signal.aborted) throw error;
  } finally {
    clock?.removeEventListener('abort', onTime);
  }
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.tokens <= first.tokens || last.at <= first.at) return { rate: undefined, tokens: 0 };
  return { rate: ((last.tokens - first.tokens) / (last.at - first.at)) * 1000, tokens: last.tokens - first.tokens };
}

function readingRate(event: BackendEvent): number | undefined {
  return event.type === 'reading' ? event.done : undefined;
}

function writingRate(event: BackendEvent): number | undefined {
  return event.type === 'answer' || event.type === 'thought' ? event.tokens : undefined;
}

const sampling = { temperature: 0.7, topP: 0.8, topK: 20, minP: 0 } as const;

/** Of about two thirds of the window, and no more than can be read in the time. */
function longPrompt({ nonce, window }: SpeedTestOptions): ChatParams {
  const lines = Math.max(4, Math.min(300, Math.floor(window / 24)));
  const text = Array.from({ length: lines }, (_, line) => `${nonce} ${String(line)}: a line that is only here to be read.`).join('\n');
  return { messages: [{ role: 'user', content: text }], thinking: false, maxTokens: 1, sampling };
}

function shortPrompt({ nonce }: SpeedTestOptions): ChatParams {
  return { messages: [{ role: 'user', content: `Count from 1 to 1000. (${nonce})` }], thinking: false, maxTokens: 512, sampling };
}
