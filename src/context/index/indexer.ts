/** Keeps the index: walks folders, reads files, follows changes. One change at a time; questions are answered in between. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { Mutex } from '../../base/async.ts';
import type { FoundFile, FoundPath, IndexFolder, IndexProgress, IndexSummary, Place } from '../../protocol/indexer.ts';
import { FileScope } from './file-scope.ts';
import { FileTable, largestFile, type FileEntry, type TableLimits } from './file-table.ts';

/** Files that are read at the same time: more would keep the disk from others, who share the threads that read. */
const readers = 3;
/** Between two reports of progress, ms. */
const reportEvery = 100;

const never = new AbortController().signal;

interface Folder {
  readonly folder: IndexFolder;
  /** Absent for one that is not on disk. */
  readonly root: string | undefined;
  scope: FileScope | undefined;
}

export class Indexer {
  readonly #table: FileTable;
  readonly #turn = new Mutex();
  #folders = new Map<string, Folder>();
  #ignoreCase = false;
  /** Once it has been built, what changes is read at once. */
  #built = false;
  #peak = 0;

  constructor(private readonly options: { readonly limits?: TableLimits; readonly now: () => number }) {
    this.#table = new FileTable(options.limits);
  }

  configure(folders: readonly IndexFolder[], ignoreCase: boolean): Promise<void> {
    return this.#turn.run(() => {
      this.#ignoreCase = ignoreCase;
      this.#folders = new Map(folders.map((folder) => [folder.id, { folder, root: folder.root, scope: undefined }]));
      const gone = [...this.#table.entries()].filter(({ folder }) => !this.#folders.has(folder));
      for (const entry of gone) this.#table.remove(entry);
      return Promise.resolve();
    });
  }

  /** @throws AbortError */
  list(signal: AbortSignal): Promise<void> {
    return this.#turn.run(() => this.#list(signal), signal);
  }

  /** What was read when it is cancelled stays. @throws AbortError */
  build(signal: AbortSignal, report: (progress: IndexProgress) => void): Promise<IndexSummary> {
    return this.#turn.run(async () => {
      report({ done: 0, total: this.#table.listed });
      await this.#list(signal);
      const entries = [...this.#table.entries()].filter(({ folder }) => this.#folders.get(folder)?.root !== undefined);
      await this.#readAll(entries, signal, report);
      this.#built = true;
      return { files: this.#table.indexed, listed: this.#table.listed, limited: this.#table.limited, peakBytes: this.#peak };
    }, signal);
  }

  change(places: readonly Place[]): Promise<void> {
    return this.#turn.run(async () => {
      for (const { folder, path: file } of places) await this.#change(folder, file);
    });
  }

  put(files: readonly (Place & { readonly text?: string | undefined })[]): Promise<void> {
    return this.#turn.run(() => {
      for (const { folder, path: file, text } of files) {
        const known = this.#folders.get(folder);
        const entry = known && text !== undefined ? this.#table.list(folder, file, known.folder.name) : undefined;
        if (!entry || text === undefined) this.#table.remove({ folder, path: file });
        else this.#table.read(entry, '', Buffer.byteLength(text), text.includes('\0') ? undefined : text);
      }
      return Promise.resolve();
    });
  }

  /** When the changes told before are in. @throws AbortError */
  search(question: string, options: { readonly limit: number; readonly open: readonly Place[]; readonly recent: readonly Place[] }, signal: AbortSignal): Promise<FoundFile[]> {
    return this.#turn.run(() => Promise.resolve(this.#table.search(question, options)), signal);
  }

  /** Among those that are known so far. */
  paths(query: string, limit: number): FoundPath[] {
    return this.#table.paths(query, limit);
  }

  /** Walks all folders with their rules as they are now. */
  async #list(signal: AbortSignal): Promise<void> {
    const found = new Set<FileEntry>();
    this.#table.forgetLimits();
    for (const known of this.#folders.values()) {
      const scope = this.#renewScope(known);
      if (!scope) continue;
      for await (const file of scope.walk('', signal)) {
        const entry = this.#table.list(known.folder.id, file, known.folder.name);
        if (entry) found.add(entry);
      }
    }
    for (const entry of [...this.#table.entries()]) {
      if (this.#folders.get(entry.folder)?.root !== undefined && !found.has(entry)) this.#table.remove(entry);
    }
  }

  async #readAll(entries: readonly FileEntry[], signal: AbortSignal, report?: (progress: IndexProgress) => void): Promise<void> {
    let [next, done, reported] = [0, 0, this.options.now()];
    report?.({ done, total: entries.length });
    const work = async (): Promise<void> => {
      for (let entry = entries[next++]; entry; entry = entries[next++]) {
        signal.throwIfAborted();
        await this.#read(entry);
        done++;
        if (this.options.now() - reported < reportEvery) continue;
        reported = this.options.now();
        this.#peak = Math.max(this.#peak, getHeapStatistics().used_heap_size);
        report?.({ done, total: entries.length });
      }
    };
    // All of them have ended when this does, also where one fails.
    const ends = await Promise.allSettled(Array.from({ length: readers }, work));
    this.#peak = Math.max(this.#peak, getHeapStatistics().used_heap_size);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    report?.({ done, total: entries.length });
  }

  async #read(entry: FileEntry): Promise<void> {
    const root = this.#folders.get(entry.folder)?.root;
    if (root === undefined) return;
    try {
      const contents = await readText(path.join(root, entry.path), entry.stamp);
      if (contents !== 'unchanged') this.#table.read(entry, contents.stamp, contents.bytes, contents.text);
    } catch {
      // It is gone, or nobody's to read.
      this.#table.remove(entry);
    }
  }

  async #change(folder: string, file: string): Promise<void> {
    const known = this.#folders.get(folder);
    const scope = known && (known.scope ?? this.#renewScope(known));
    if (!known || !scope) return;
    const kind = await scope.kindOf(file);
    const below = `${file}/`;
    const before = [...this.#table.entries()].filter((entry) => entry.folder === folder && (entry.path.startsWith(below) || (entry.path === file && kind !== 'file')));
    const found = new Set<FileEntry>();
    const add = (each: string): void => {
      const entry = this.#table.list(folder, each, known.folder.name);
      if (entry) found.add(entry);
    };
    if (kind === 'file') add(file);
    if (kind === 'folder') for await (const each of scope.walk(file, never)) add(each);
    for (const entry of before) if (!found.has(entry)) this.#table.remove(entry);
    if (this.#built) await this.#readAll([...found], never);
  }

  #renewScope(known: Folder): FileScope | undefined {
    if (known.root === undefined) return undefined;
    const others = new Set([...this.#folders.values()].flatMap(({ root }) => root ?? []));
    others.delete(known.root);
    known.scope = new FileScope(known.root, known.folder, others, this.#ignoreCase);
    return known.scope;
  }
}

/** @param stamp of what is known */
async function readText(file: string, stamp: string | undefined): Promise<{ stamp: string; bytes: number; text: string | undefined } | 'unchanged'> {
  const handle = await open(file, 'r');
  try {
    const { size, mtimeMs, ctimeMs, ino } = await handle.stat();
    const now = [size, mtimeMs, ctimeMs, ino].join(' ');
    if (now === stamp) return 'unchanged';
    if (size > largestFile) return { stamp: now, bytes: size, text: undefined };
    const bytes = await handle.readFile();
    return { stamp: now, bytes: size, text: bytes.includes(0) ? undefined : bytes.toString('utf8') };
  } finally {
    await handle.close();
  }
}
