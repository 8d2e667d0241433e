/** One download as this window sees it: done here, or looked on at while another window does it. */
import { access, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Mutex } from '../../base/async.ts';
import { toPonderError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { named } from './disk-errors.ts';
import type { Patience } from './download.ts';
import type { Endpoint, HubFile } from './hub.ts';
import { every, isLocked, tryLock } from './lock.ts';
import { bytesThere, downloadModel, type ModelProgress } from './model.ts';
import { discardPart } from './part.ts';
import { readRecord, readStand, recordOf, removeRecord, writeRecord, writeStand } from './record.ts';
import { SpeedMeter, secondsLeft } from './speed.ts';
import { isUnderWay, type DownloadProgressState, type DownloadState } from './state.ts';
import { placesOf, targetOf, type Wanted } from './wanted.ts';

export interface DownloadContext {
  readonly logger: Logger;
  /** Where to ask, best first; as it is when a download begins. */
  readonly endpoints: () => readonly Endpoint[];
  readonly token: (host: string) => Promise<string | undefined>;
  readonly patience: Patience;
  /** How often windows look at what the others do, ms. */
  readonly beat: number;
  /** Of the disk, kept free; bytes. */
  readonly spare?: number;
}

/** Between two reports of the same phase, ms. */
const reportEvery = 200;

/** Why a download comes to rest before its end. */
class Rest extends Error {
  override readonly name = 'AbortError';

  constructor(readonly why: 'paused' | 'cancelled' | 'closed' | 'lost') {
    super(why);
  }
}

export class SharedDownload {
  readonly target: string;
  readonly #meter = new SpeedMeter();
  /** The last one stands. */
  readonly #wishes = new Mutex();
  #progress: DownloadProgressState = { phase: 'paused', done: 0, speed: 0 };
  #files: readonly HubFile[] = [];
  #elsewhere = false;
  #aborter: AbortController | undefined;
  #running: Promise<void> | undefined;
  #reported = 0;

  /** @param folder absolute path of the folder for models */
  constructor(
    readonly wanted: Wanted,
    private readonly folder: string,
    private readonly context: DownloadContext,
    private readonly onChange: () => void,
  ) {
    this.target = targetOf(folder, wanted);
  }

  get state(): DownloadState {
    return { ...this.#progress, target: this.target, wanted: this.wanted, elsewhere: this.#elsewhere };
  }

  /**
   * Goes on until it is done, paused, failed or cancelled; never rejects.
   * @param turn waits until nothing else is downloaded
   */
  run(turn: (task: () => Promise<void>, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#running ??= this.#run(turn).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async pause(): Promise<void> {
    if (!isUnderWay(this.#progress)) return;
    // Where that cannot be written it is paused all the same.
    await this.#wish('paused').catch((error: unknown) => this.context.logger.warn(`download of ${this.wanted.name}: ${String(error)}`));
    this.#aborter?.abort(new Rest('paused'));
    if (this.#running) return this.#running;
    this.#set({ ...this.#kept(), phase: 'paused', speed: 0 });
  }

  /** Removes what there is of it. Where another window downloads it, that one does so at its next look. */
  async cancel(): Promise<void> {
    // In a folder that is gone there is nothing to be cancelled.
    await this.#wish('cancelled').catch((error: unknown) => this.context.logger.warn(`download of ${this.wanted.name}: ${String(error)}`));
    this.#aborter?.abort(new Rest('cancelled'));
    await this.#running;
    if (this.#progress.phase === 'cancelled') return;
    await this.#removeUnlessHeld();
    this.#set({ phase: 'cancelled', done: 0, speed: 0 });
  }

  /** The window closes: it may be gone on with, here or in another one. */
  async close(): Promise<void> {
    this.#aborter?.abort(new Rest('closed'));
    await this.#running;
  }

  /** Looks at the disk for how it stands, while it does not run here. False where it is over. */
  async refresh(): Promise<boolean> {
    if (this.#running) return true;
    const record = await readRecord(this.target);
    if (!record) return false;
    const held = await isLocked(recordOf(this.target));
    if (record.wish === 'cancelled' && !held) {
      await this.#removeUnlessHeld();
      return false;
    }
    const stand = await readStand(this.target);
    this.#files = stand?.files ?? [];
    this.#elsewhere = held;
    if (held && stand) {
      this.#set(stand.progress);
      return true;
    }
    const total = stand?.progress.total;
    const done = await bytesThere(this.#targets, this.#files);
    const failed = stand?.progress.phase === 'failed' ? { error: stand.progress.error } : undefined;
    this.#set({ phase: failed ? 'failed' : 'paused', done, speed: 0, ...(total === undefined ? {} : { total }), ...(failed?.error ? { error: failed.error } : {}) });
    return true;
  }

  async #run(turn: (task: () => Promise<void>, signal: AbortSignal) => Promise<void>): Promise<void> {
    const aborter = new AbortController();
    this.#aborter = aborter;
    try {
      this.#set({ ...this.#kept(), phase: 'queued', speed: 0 });
      const wished = this.#wish('run');
      wished.catch(() => undefined);
      // Its place in the queue is that in which it was asked for.
      const task = async (): Promise<void> => {
        await wished;
        await this.#share(aborter.signal);
      };
      await turn(task, aborter.signal);
    } catch (error) {
      await this.#settle(aborter.signal.aborted ? aborter.signal.reason : error).catch((worse: unknown) => {
        this.context.logger.error(`download of ${this.wanted.name}: ${String(worse)}`);
        this.#set({ ...this.#kept(), phase: 'paused', speed: 0 });
      });
    } finally {
      this.#elsewhere = false;
      this.#aborter = undefined;
      if (this.#progress.phase === 'cancelled') await this.#tidy();
    }
  }

  /** Downloads it as soon as no other window does. */
  async #share(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const record = await readRecord(this.target);
      if (!record) return this.#set(await this.#whatBecame());
      if (record.wish !== 'run') return await this.#stopped(record.wish);
      const lost = new AbortController();
      const lock = await tryLock(recordOf(this.target), () => lost.abort(new Rest('lost')));
      if (lock) {
        this.#elsewhere = false;
        try {
          // It may have been finished between the two looks.
          if (await readRecord(this.target)) return await this.#own(AbortSignal.any([signal, lost.signal]));
        } catch (error) {
          if (!lost.signal.aborted || signal.aborted) throw error;
          this.context.logger.warn(`download of ${this.wanted.name}: another window has taken it over`);
        } finally {
          await lock.release();
        }
        continue;
      }
      this.#elsewhere = true;
      const stand = await readStand(this.target);
      if (stand) this.#set(stand.progress);
      await sleep(this.context.beat, undefined, { signal });
    }
  }

  /** Another window has paused or cancelled it, or it has failed there. */
  async #stopped(wish: 'paused' | 'cancelled'): Promise<void> {
    const stand = await readStand(this.target);
    if (wish === 'paused' && stand?.progress.phase === 'failed') return this.#set(stand.progress);
    throw new Rest(wish);
  }

  /** Downloads it here. The lock is held. */
  async #own(signal: AbortSignal): Promise<void> {
    const { logger, endpoints, token, patience, beat, spare } = this.context;
    const stop = new AbortController();
    const look = every(
      beat,
      async () => {
        const record = await readRecord(this.target);
        if (record && record.wish !== 'run') return stop.abort(new Rest(record.wish));
        await writeStand(this.target, { progress: this.#progress, files: [...this.#files] });
      },
      (error) => logger.debug(`download of ${this.wanted.name}: ${String(error)}`),
    );
    const both = AbortSignal.any([signal, stop.signal]);
    try {
      const known = (await readStand(this.target))?.files ?? [];
      const begun = await bytesThere(this.#targets, known);
      await downloadModel(this.wanted, {
        folder: this.folder,
        endpoints: endpoints(),
        token,
        patience,
        signal: both,
        known: begun > 0 ? known : [],
        log: (message) => logger.info(`download of ${this.wanted.name}: ${message}`),
        onListed: (files) => (this.#files = files),
        onProgress: (progress) => this.#report(progress),
        ...(spare === undefined ? {} : { spare }),
      });
      const total = this.#files.reduce((sum, { size }) => sum + size, 0);
      await look.stop();
      await removeRecord(this.target);
      this.#set({ phase: 'done', done: total, total, speed: 0 });
    } catch (error) {
      const reason: unknown = both.aborted ? both.reason : error;
      await look.stop();
      // While the lock is held: nobody else writes here.
      await this.#settle(reason, true);
      if (reason instanceof Rest && reason.why === 'lost') throw reason;
    }
  }

  /** After an end before the end. @param held the lock is: what is on the disk may be changed */
  async #settle(reason: unknown, held = false): Promise<void> {
    const kept = this.#kept();
    const why = reason instanceof Rest ? reason.why : 'failed';
    if (why === 'lost') return;
    if (why === 'cancelled') {
      if (held) await this.#remove();
      else await this.#removeUnlessHeld();
      return this.#set({ phase: 'cancelled', done: 0, speed: 0 });
    }
    const error = why === 'failed' ? toPonderError(named(reason, path.dirname(this.target))) : undefined;
    if (error) this.context.logger.error(`download of ${this.wanted.name}: ${error.code}: ${error.message}`);
    const progress: DownloadProgressState = {
      ...kept,
      phase: error ? 'failed' : 'paused',
      speed: 0,
      ...(error ? { error: { code: error.code, message: error.message, data: { ...error.data } } } : {}),
    };
    if (held) {
      // The folder may be the very thing that is gone.
      await writeStand(this.target, { progress, files: [...this.#files] }).catch(() => undefined);
      if (error) await this.#wish('paused').catch(() => undefined);
    }
    this.#set(progress);
  }

  #report(progress: ModelProgress): void {
    const { phase } = progress;
    if (phase === 'listing') return this.#set({ ...this.#kept(), phase, speed: 0 });
    const done = progress.done ?? this.#progress.done;
    const total = progress.total ?? this.#progress.total;
    if (phase === 'fetching') this.#meter.add(performance.now(), done);
    else this.#meter.reset();
    const speed = this.#meter.bytesPerSecond;
    const left = secondsLeft(done, total, speed);
    this.#set({
      phase,
      done,
      speed,
      ...(total === undefined ? {} : { total }),
      ...(left === undefined ? {} : { secondsLeft: left }),
      ...(phase === 'waiting' ? { attempt: progress.attempt, why: progress.why } : {}),
    });
  }

  #kept(): Pick<DownloadProgressState, 'done' | 'total'> {
    const { done, total } = this.#progress;
    return { done, ...(total === undefined ? {} : { total }) };
  }

  #set(progress: DownloadProgressState): void {
    const same = progress.phase === this.#progress.phase;
    this.#progress = progress;
    const now = performance.now();
    if (same && now - this.#reported < reportEvery) return;
    this.#reported = now;
    this.onChange();
  }

  async #wish(wish: 'run' | 'paused' | 'cancelled'): Promise<void> {
    await this.#wishes.run(() => writeRecord(this.target, this.wanted, wish));
  }

  /** The record is gone: another window has finished it, or given it up. */
  async #whatBecame(): Promise<DownloadProgressState> {
    const there = await access(this.target).then(() => true, () => false);
    const { total = 0 } = this.#progress;
    return there ? { phase: 'done', done: total, total, speed: 0 } : { phase: 'cancelled', done: 0, speed: 0 };
  }

  async #removeUnlessHeld(): Promise<void> {
    const lock = await tryLock(recordOf(this.target), () => undefined).catch(() => undefined);
    if (!lock) return;
    try {
      await this.#remove();
    } finally {
      await lock.release();
    }
    await this.#tidy();
  }

  /** The folder goes with the last thing in it. */
  async #tidy(): Promise<void> {
    await rmdir(path.dirname(this.target)).catch(() => undefined);
  }

  async #remove(): Promise<void> {
    const targets = this.#targets;
    for (const target of targets) await discardPart(target);
    // Parts of a model that are whole are of no use without the others. One that is all there is not touched.
    const there = await Promise.all(targets.map((target) => access(target).then(() => true, () => false)));
    if (there.includes(false)) for (const target of targets) await rm(target, { force: true });
    await removeRecord(this.target);
  }

  get #targets(): string[] {
    return placesOf(this.folder, this.wanted).map(({ target }) => target);
  }
}
