/** One proposal on its way into the review: of those that come fast, only some are shown. */
import type { Disposable } from '../../../base/disposable.ts';
import type { OpenReview, ProposedFile } from '../reviews.ts';

/** Between two that are shown, ms. */
const pause = 100;

export interface Receiver {
  take(proposal: Proposal, file: ProposedFile): Promise<void>;
  finished(proposal: Proposal): Promise<void>;
  withdrawn(proposal: Proposal): Promise<void>;
  onError(error: unknown): void;
}

export class Proposal implements OpenReview, Disposable {
  /** False once nothing of it is to be shown any more. */
  open = true;
  /** Files that it has proposed, by URI. */
  readonly seen = new Set<string>();
  readonly #waiting = new Map<string, ProposedFile>();
  #timer: NodeJS.Timeout | undefined;
  #last = -Infinity;

  constructor(
    readonly title: string,
    private readonly receiver: Receiver,
  ) {}

  async propose(file: ProposedFile): Promise<void> {
    if (!this.open) return;
    this.#waiting.set(file.uri.toString(), file);
    const wait = this.#last + pause - performance.now();
    if (wait <= 0) return this.#show();
    this.#timer ??= setTimeout(() => this.#run(this.#show()), wait);
  }

  finish(): void {
    this.#run(this.#show().then(() => this.receiver.finished(this)));
  }

  async withdraw(): Promise<void> {
    this.dispose();
    await this.receiver.withdrawn(this);
  }

  dispose(): void {
    this.open = false;
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  async #show(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = performance.now();
    const files = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const file of files) await this.receiver.take(this, file);
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => this.receiver.onError(error));
  }
}
