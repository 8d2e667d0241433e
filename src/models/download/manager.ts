/**
 * Downloads of models: one at a time, the others queued; paused, gone on with after a restart, shared between windows.
 * What is not finished lies as `.part` files with a record beside them (`record.ts`), never under a model's name.
 */
import { Mutex } from '../../base/async.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/event.ts';
import { readRecord, unfinishedIn } from './record.ts';
import { SharedDownload, type DownloadContext } from './shared.ts';
import type { DownloadState } from './state.ts';
import { targetOf, type Wanted } from './wanted.ts';

export interface ManagerOptions extends DownloadContext {
  /** Absolute path of the folder for models, as it is now; a download that has begun stays where it is. */
  readonly folder: () => string;
}

export class DownloadManager implements Disposable {
  readonly #downloads = new Map<string, SharedDownload>();
  readonly #queue = new Mutex();
  readonly #changed = new Emitter<DownloadState>();

  constructor(private readonly options: ManagerOptions) {}

  /** At each change of phase, and some times a second while bytes come. */
  get onDidChange(): Event<DownloadState> {
    return this.#changed.event;
  }

  /** All that this window knows of, in the order in which they were asked for. */
  get all(): readonly DownloadState[] {
    return [...this.#downloads.values()].map(({ state }) => state);
  }

  /** Asks for a model, or goes on with it. Resolves when it is done, paused, failed or cancelled; never rejects. */
  async start(wanted: Wanted): Promise<DownloadState> {
    const folder = this.options.folder();
    return this.#run(this.#downloads.get(targetOf(folder, wanted)) ?? this.#add(wanted, folder));
  }

  /** Goes on with one that is paused or has failed. @param target of its state */
  async resume(target: string): Promise<DownloadState | undefined> {
    const download = this.#downloads.get(target);
    return download && this.#run(download);
  }

  /** Its parts are kept. In all windows. */
  async pause(target: string): Promise<void> {
    await this.#downloads.get(target)?.pause();
  }

  /** Its parts are removed. In all windows. */
  async cancel(target: string): Promise<void> {
    const download = this.#downloads.get(target);
    await download?.cancel();
    if (this.#downloads.get(target) === download) this.#downloads.delete(target);
  }

  /** Finds what is not finished, and how far it is. Nothing is begun. */
  async restore(): Promise<readonly DownloadState[]> {
    const folder = this.options.folder();
    for (const target of await unfinishedIn(folder)) {
      if (this.#downloads.has(target)) continue;
      const record = await readRecord(target);
      // One that was moved here from another folder is not what it says.
      if (record && targetOf(folder, record.wanted) === target) this.#add(record.wanted, folder);
    }
    for (const [target, download] of this.#downloads) {
      const { phase } = download.state;
      const over = phase === 'done' || phase === 'cancelled';
      if (over || !(await download.refresh())) this.#downloads.delete(target);
    }
    return this.all;
  }

  dispose(): void {
    for (const download of this.#downloads.values()) void download.close();
    this.#changed.dispose();
  }

  #add(wanted: Wanted, folder: string): SharedDownload {
    const download: SharedDownload = new SharedDownload(wanted, folder, this.options, () => this.#changed.fire(download.state));
    this.#downloads.set(download.target, download);
    return download;
  }

  async #run(download: SharedDownload): Promise<DownloadState> {
    await download.run((task, signal) => this.#turn(task, signal));
    return download.state;
  }

  /** Whoever is stopped while waiting for its turn need not wait on. */
  async #turn(task: () => Promise<void>, signal: AbortSignal): Promise<void> {
    let begun = false;
    const stopped = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => !begun && reject(signal.reason as Error), { once: true });
    });
    const inTurn = this.#queue.run(() => {
      begun = true;
      return task();
    }, signal);
    await Promise.race([inTurn, stopped]);
  }
}
