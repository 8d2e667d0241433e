/** The index of the workspace for those in the extension host: built at the first use, then kept up to date. */
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { inTime } from '../../base/async.ts';
import { isAbort } from '../../base/errors.ts';
import { Emitter, type Event } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import type { IndexerContract, IndexFolder, IndexSummary, Place, Why } from '../../protocol/indexer.ts';
import type { RpcClient } from '../../protocol/rpc.ts';
import type { IndexThread } from '../index/thread.ts';
import { excludeGlobs, ignoreCase, ReadableFiles } from './readable-files.ts';
import { WorkspaceChanges } from './workspace-changes.ts';

/** Files of a folder that is not on disk, and of them in one message. */
const mostVirtual = 2000;
const virtualBatch = 50;
/** How long a question for paths waits for the first look at the disk, ms. */
const patience = 1000;

export type IndexState = { readonly kind: 'none' } | { readonly kind: 'building'; readonly done: number; readonly total: number } | { readonly kind: 'ready'; readonly files: number };

export interface RankedFile {
  readonly uri: vscode.Uri;
  /** As a person knows it: relative to its workspace folder, whose name comes first where there are several. */
  readonly path: string;
  /** Above 0; only to be compared with the others of the same answer. */
  readonly score: number;
  /** The weightiest first. */
  readonly why: readonly Why[];
  /** On disk. */
  readonly bytes: number;
}

export interface MatchingPath {
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Places in `path` that match what was typed, rising, UTF-16 units. */
  readonly matches: readonly number[];
}

/** In a workspace that is not trusted it stays empty, and reads nothing. */
export interface WorkspaceIndex extends Disposable {
  readonly state: IndexState;
  readonly onDidChangeState: Event<IndexState>;
  /**
   * Builds if need be; resolves when ready. The building ends when nobody waits for it any more, and goes on from there
   * the next time.
   * @throws AbortError; PonderError if the thread ends, which the next use starts anew
   */
  ready(signal: AbortSignal): Promise<void>;
  /** Best first. Rejects as `ready` does. */
  search(question: string, options: { readonly limit: number; readonly open: readonly vscode.Uri[]; readonly recent: readonly vscode.Uri[] }, signal: AbortSignal): Promise<readonly RankedFile[]>;
  /** Files and folders whose path matches, best first; what is there while it is still building. No file is read for it. */
  paths(query: string, limit: number): Promise<readonly MatchingPath[]>;
}

interface Build {
  readonly done: Promise<void>;
  readonly aborter: AbortController;
  waiters: number;
}

interface Connection {
  readonly thread: IndexThread;
  /** Once it has been told the folders. */
  configured: Promise<unknown> | undefined;
  /** Once it has looked which files there are. */
  listed: Promise<unknown> | undefined;
}

/** @param options.entry absolute path of the thread's bundle */
export function createWorkspaceIndex(options: { readonly entry: string; readonly logger: Logger }): WorkspaceIndex {
  // What speaks with the thread is a fifth of the extension's code, and not needed before the first use.
  return new ThreadedIndex(options.logger, async () => {
    const { startIndexThread } = await import('../index/thread.ts');
    return () => startIndexThread(options.entry, options.logger);
  });
}

class ThreadedIndex implements WorkspaceIndex {
  #state: IndexState = { kind: 'none' };
  readonly #changed = new Emitter<IndexState>((error) => this.logger.error(`A listener of the index failed: ${String(error)}`));
  #thread: Connection | undefined;
  #changes: WorkspaceChanges | undefined;
  /** For folders that are not on disk. */
  #readable: ReadableFiles | undefined;
  #build: Build | undefined;
  /** Rises when everything is to be looked at again. */
  #generation = 0;
  #disposed = false;

  constructor(
    private readonly logger: Logger,
    private readonly starter: () => Promise<() => IndexThread>,
  ) {}

  get state(): IndexState {
    return this.#state;
  }

  get onDidChangeState(): Event<IndexState> {
    return this.#changed.event;
  }

  async ready(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!vscode.workspace.isTrusted || this.#state.kind === 'ready') return;
    const build = !this.#build || this.#build.aborter.signal.aborted ? (this.#build = this.#startBuild()) : this.#build;
    build.waiters++;
    try {
      await orAbort(build.done, signal);
    } finally {
      build.waiters--;
      if (build.waiters === 0) build.aborter.abort();
    }
  }

  async search(question: string, options: { readonly limit: number; readonly open: readonly vscode.Uri[]; readonly recent: readonly vscode.Uri[] }, signal: AbortSignal): Promise<readonly RankedFile[]> {
    await this.ready(signal);
    if (!vscode.workspace.isTrusted) return [];
    this.#changes?.flush();
    const rpc = await this.#rpc();
    const found = await rpc.call('search', { question, limit: options.limit, open: placesOf(options.open), recent: placesOf(options.recent) }, { signal });
    return found.flatMap(({ shown, score, why, bytes, ...place }) => uriOf(place).map((uri) => ({ uri, path: shown, score, why, bytes })));
  }

  async paths(query: string, limit: number): Promise<readonly MatchingPath[]> {
    if (!vscode.workspace.isTrusted) return [];
    const rpc = await this.#rpc();
    const own = this.#thread;
    if (own && this.#state.kind === 'none') {
      own.listed ??= rpc.call('list', {}).catch((error: unknown) => this.#failed('Looking for files', error));
      await inTime(own.listed, patience, undefined);
    }
    const found = await rpc.call('paths', { query, limit });
    return found.flatMap(({ shown, kind, matches, ...place }) => uriOf(place).map((uri) => ({ uri, path: shown, kind, matches })));
  }

  dispose(): void {
    this.#disposed = true;
    this.#build?.aborter.abort();
    this.#changes?.dispose();
    this.#readable?.dispose();
    void this.#thread?.thread.stop();
    this.#thread = undefined;
    this.#changed.dispose();
  }

  #startBuild(): Build {
    const aborter = new AbortController();
    const done = this.#buildAll(aborter.signal);
    const build: Build = { done, aborter, waiters: 0 };
    const over = (state: IndexState): void => {
      if (this.#build !== build) return;
      this.#build = undefined;
      this.#setState(state);
    };
    done.then(
      () => undefined,
      (error: unknown) => {
        if (!isAbort(error)) this.#failed('Building the index', error);
        over({ kind: 'none' });
      },
    );
    return build;
  }

  /** Again, if meanwhile something made it outdated. */
  async #buildAll(signal: AbortSignal): Promise<void> {
    this.#setState({ kind: 'building', done: 0, total: 0 });
    const began = Date.now();
    for (;;) {
      const generation = this.#generation;
      const rpc = await this.#rpc();
      const summary = await rpc.call('build', {}, {
        signal,
        onEvent: ({ done, total }) => {
          if (!signal.aborted) this.#setState({ kind: 'building', done, total });
        },
      });
      const virtual = await this.#sendVirtual(rpc, signal);
      if (generation !== this.#generation) continue;
      this.logger.info(`The index is ready: ${describe(summary)}${virtual > 0 ? `, ${String(virtual)} not on disk` : ''}, after ${((Date.now() - began) / 1000).toFixed(1)} s.`);
      this.#build = undefined;
      this.#setState({ kind: 'ready', files: summary.files + virtual });
      return;
    }
  }

  /** The connection to a thread that knows the folders. */
  async #rpc(): Promise<RpcClient<IndexerContract>> {
    const start = await this.starter();
    if (this.#disposed) throw new DOMException('The index is disposed.', 'AbortError');
    this.#changes ??= new WorkspaceChanges({ changed: (uris) => void this.#change(uris), outdated: () => this.#outdate() });
    const own = (this.#thread ??= this.#connect(start()));
    own.configured ??= own.thread.rpc.call('configure', { folders: folders(), ignoreCase });
    await own.configured;
    return own.thread.rpc;
  }

  #connect(thread: IndexThread): Connection {
    thread.ended.addEventListener('abort', () => {
      if (this.#thread?.thread !== thread) return;
      this.#thread = undefined;
      if (this.#state.kind === 'ready') this.#setState({ kind: 'none' });
    });
    return { thread, configured: undefined, listed: undefined };
  }

  async #change(uris: readonly vscode.Uri[]): Promise<void> {
    if (!this.#thread) return;
    try {
      const rpc = await this.#rpc();
      const places = placesOf(uris.filter(({ scheme }) => scheme === 'file'));
      if (places.length > 0) await rpc.call('change', { places });
      for (const uri of uris.filter(({ scheme }) => scheme !== 'file')) await rpc.call('put', { files: await this.#texts([uri]) });
    } catch (error) {
      this.#failed('Keeping the index up to date', error);
    }
  }

  /** What is known of files that have not changed stays, so this takes seconds. */
  #outdate(): void {
    this.#generation++;
    if (!this.#thread) return;
    this.#thread.configured = undefined;
    this.#thread.listed = undefined;
    if (this.#state.kind !== 'ready') return;
    this.#setState({ kind: 'none' });
    this.ready(new AbortController().signal).catch(() => undefined);
  }

  /** @returns how many files */
  async #sendVirtual(rpc: RpcClient<IndexerContract>, signal: AbortSignal): Promise<number> {
    let sent = 0;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      if (folder.uri.scheme === 'file') continue;
      const uris = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*'), undefined, mostVirtual);
      if (uris.length === mostVirtual) this.logger.warn(`${folder.name} is not on disk: only ${String(mostVirtual)} of its files are in the index.`);
      for (let at = 0; at < uris.length; at += virtualBatch) {
        signal.throwIfAborted();
        const files = await this.#texts(uris.slice(at, at + virtualBatch));
        await rpc.call('put', { files }, { signal });
        sent += files.filter(({ text }) => text !== undefined).length;
        this.#setState({ kind: 'building', done: at, total: uris.length });
      }
    }
    return sent;
  }

  async #texts(uris: readonly vscode.Uri[]): Promise<(Place & { text?: string })[]> {
    const readable = (this.#readable ??= new ReadableFiles());
    return Promise.all(
      uris.flatMap((uri) => placesOf([uri]).map(async (place) => {
        const file = await readable.read(uri);
        return file ? { ...place, text: file.lines.join('\n') } : place;
      })),
    );
  }

  #setState(state: IndexState): void {
    if (this.#disposed) return;
    this.#state = state;
    this.#changed.fire(state);
  }

  #failed(what: string, error: unknown): void {
    if (!this.#disposed) this.logger.warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function folders(): IndexFolder[] {
  const all = vscode.workspace.workspaceFolders ?? [];
  return all.map((folder) => ({
    id: folder.uri.toString(),
    name: all.length > 1 ? folder.name : '',
    ...(folder.uri.scheme === 'file' ? { root: folder.uri.fsPath } : {}),
    exclude: excludeGlobs(folder),
  }));
}

function placesOf(uris: readonly vscode.Uri[]): Place[] {
  return uris.flatMap((uri) => {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    // The folder itself is no place in it.
    if (!folder || folder.uri.path === uri.path) return [];
    return { folder: folder.uri.toString(), path: vscode.workspace.asRelativePath(uri, false) };
  });
}

/** None where the folder has been closed meanwhile. */
function uriOf({ folder: id, path }: Place): vscode.Uri[] {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === id);
  return folder ? [vscode.Uri.joinPath(folder.uri, path)] : [];
}

function describe({ files, listed, limited, peakBytes }: IndexSummary): string {
  return `${String(files)} of ${String(listed)} files${limited ? ', a limit kept some out' : ''}, up to ${(peakBytes / 1e6).toFixed(0)} MB`;
}

async function orAbort(done: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new DOMException('Cancelled', 'AbortError'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([done, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
