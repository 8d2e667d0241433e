import type { InfillEvent } from '../../src/backends/backend.ts';
import type { InfillInfo, InfillParams, InfillResult } from '../../src/protocol/engine.ts';
import type { SkippingClock } from './clock.ts';

/** To the first token, and between two, ms. */
const pace = { first: 60, next: 20 };

/**
 * A model that knows what will be typed and writes it at a good model's pace on a slow machine. What is answered from
 * cache with it is the most that the completer can: it tells the completer's share in the figure from the model's.
 */
export class Oracle {
  /** What will be typed at the cursor. */
  next = '';

  constructor(
    private readonly clock: SkippingClock,
    private readonly info: InfillInfo,
  ) {}

  ensureInfill(): Promise<InfillInfo> {
    return Promise.resolve(this.info);
  }

  async *infill({ maxTokens }: InfillParams, signal: AbortSignal): AsyncGenerator<InfillEvent, void, void> {
    const pieces = this.next.match(/\n[ \t]*|\w{1,5}|[^\w\n]/g) ?? [];
    await this.clock.delay(pace.first, signal);
    for (const text of pieces.slice(0, maxTokens)) {
      yield { type: 'text', text, probability: 1 };
      await this.clock.delay(pace.next, signal);
    }
    const result: InfillResult = { reason: 'stop', promptTokens: 1, cachedTokens: 0, tokens: pieces.length, firstTokenMs: pace.first, readSpeed: 1000, writeSpeed: 1000 / pace.next };
    yield { type: 'end', result };
  }
}
