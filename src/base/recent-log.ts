import type { Logger, LogLevel } from './log.ts';

export interface LogLine {
  /** ms since 1970. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
}

/** Of a line, characters. Longer ones would be something other than a sentence. */
const longest = 300;

/** A logger that remembers the last warnings and errors. What it is told has neither file contents nor prompts in it (`log.ts`). */
export class RecentLog implements Logger {
  readonly #lines: LogLine[] = [];

  constructor(
    private readonly target: Logger,
    private readonly now: () => number,
    private readonly limit = 50,
  ) {}

  /** Oldest first. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  readonly debug = (message: string): void => this.target.debug(message);
  readonly info = (message: string): void => this.target.info(message);

  readonly warn = (message: string): void => {
    this.#keep('warn', message);
    this.target.warn(message);
  };

  readonly error = (message: string): void => {
    this.#keep('error', message);
    this.target.error(message);
  };

  #keep(level: LogLevel, message: string): void {
    const [first = ''] = message.trim().split('\n', 1);
    this.#lines.push({ at: this.now(), level, message: first.length > longest ? `${first.slice(0, longest)}…` : first });
    if (this.#lines.length > this.limit) this.#lines.shift();
  }
}
