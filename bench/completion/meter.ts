import type { Backend, InfillEvent } from '../../src/backends/backend.ts';
import type { LocalBackend } from '../../src/backends/local.ts';
import { AsyncQueue } from '../../src/base/async.ts';
import type { InfillInfo, InfillParams, InfillResult } from '../../src/protocol/engine.ts';
import type { SkippingClock } from './clock.ts';

/** One request as the engine saw it. Times are the clock's, ms. */
export interface Request {
  readonly params: InfillParams;
  /** Number of the key that it began after. */
  readonly key: number;
  readonly at: number;
  /** When the first token arrived, and the first line end or the end of it all. */
  firstAt: number | undefined;
  lineAt: number | undefined;
  /** Tokens that arrived. */
  written: number;
  /** Of the prompt, not found in the KV cache; at most, where the engine was stopped. */
  read: number;
  /** Undefined where it was stopped. */
  result: InfillResult | undefined;
}

/**
 * Passes requests on to the engine and counts what they make it read. One that runs to its end tells; most are stopped
 * as soon as there is enough to show. For those the engine's own count of evaluated tokens is taken, before and after,
 * when it has let go: less the tokens that arrived, but for the last, which is not evaluated any more. So what a stopped
 * request has read is never undercounted; a token too many is counted where one was made and not sent.
 */
export class MeteredBackend implements Pick<Backend, 'ensureInfill' | 'infill'> {
  readonly requests: Request[] = [];
  /** Of the key that was pressed last. */
  key = 0;
  #underWay: Request[] = [];
  #running = 0;
  #evaluated = 0;

  constructor(
    private readonly backend: LocalBackend,
    private readonly clock: SkippingClock,
  ) {}

  /** To be called while the engine is idle, before the first request. */
  async begin(): Promise<void> {
    this.#evaluated = (await this.backend.status()).evaluatedTokens;
  }

  ensureInfill(signal?: AbortSignal): Promise<InfillInfo> {
    return this.backend.ensureInfill(signal);
  }

  async *infill(params: InfillParams, signal: AbortSignal): AsyncGenerator<InfillEvent, void, void> {
    const events = new AsyncQueue<InfillEvent>();
    // Whoever asked may stop listening; the engine is heard out all the same.
    void this.clock.during(() => this.#run(params, signal, events));
    yield* events;
  }

  async #run(params: InfillParams, signal: AbortSignal, events: AsyncQueue<InfillEvent>): Promise<void> {
    const request: Request = { params, key: this.key, at: this.clock.now(), firstAt: undefined, lineAt: undefined, written: 0, read: 0, result: undefined };
    this.requests.push(request);
    this.#underWay.push(request);
    this.#running++;
    try {
      for await (const event of this.backend.infill(params, signal)) {
        this.#note(request, event);
        events.push(event);
      }
      events.close();
    } catch (error) {
      events.close(error instanceof Error ? error : new Error(String(error)));
    }
    this.#running--;
    if (this.#running === 0) await this.clock.aside(() => this.#count());
  }

  #note(request: Request, event: InfillEvent): void {
    const now = this.clock.now();
    if (event.type === 'end') {
      request.result = event.result;
      request.lineAt ??= now;
    } else {
      request.written++;
      request.firstAt ??= now;
      if (event.text.includes('\n')) request.lineAt ??= now;
    }
  }

  /** The engine is idle: what has it read for the requests since it last was? */
  async #count(): Promise<void> {
    const requests = this.#underWay.splice(0);
    const before = this.#evaluated;
    this.#evaluated = (await this.backend.status()).evaluatedTokens;
    let left = this.#evaluated - before;
    for (const request of requests) {
      const { params, result, written } = request;
      // The last token of a prompt is evaluated with the first that is written.
      if (result) request.read = result.promptTokens - result.cachedTokens - (params.maxTokens === 0 ? 1 : 0);
      // After a `stop` the last token written has been evaluated as well.
      left -= request.read + (result?.reason === 'stop' ? result.tokens : Math.max(0, written - 1));
    }
    const stopped = requests.filter(({ result }) => !result);
    for (const [index, request] of stopped.entries()) request.read = index === 0 ? Math.max(0, left) : 0;
  }
}
