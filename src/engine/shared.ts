/** What the windows of a user have in common: the weights, and the right to evaluate, one at a time. */
import { Mutex } from '../base/async.ts';
import type { LogLevel } from '../base/log.ts';
import { ModelPool } from './model-pool.ts';
import { Scheduler } from './scheduler.ts';

type Log = (level: LogLevel, message: string) => void;

export class Shared {
  /** Held by who measures threads: two at a time would measure each other. */
  readonly tuning = new Mutex();
  readonly scheduler = new Scheduler();
  readonly pool = new ModelPool((level, message) => this.log(level, message));
  readonly #logs = new Set<Log>();

  get windows(): number {
    return this.#logs.size;
  }

  /** What concerns all windows is told to all. */
  log(level: LogLevel, message: string): void {
    for (const log of this.#logs) log(level, message);
  }

  /** @returns takes it out again */
  enter(log: Log): () => void {
    this.#logs.add(log);
    return () => this.#logs.delete(log);
  }
}
