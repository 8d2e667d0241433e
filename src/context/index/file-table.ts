/** What is known of each file, and what a question finds among them. Pure. */
import type { FoundFile, FoundPath, Place } from '../../protocol/indexer.ts';
import { hasGeneratedName, looksGenerated } from '../generated-files.ts';
import { filesFor, importsOf } from './imports.ts';
import { LexicalIndex } from './lexical.ts';
import { PathMatcher } from './path-match.ts';
import { readQuestion, type Question } from './question.ts';
import { bystanders, factorOf, looksLikeTest, reasonsFor, type Circumstances } from './rank.ts';
import { symbolsOf } from './symbols.ts';
import { Splitter } from './terms.ts';
import { englishStopWords, keywords } from './words.ts';

export interface FileEntry extends Place {
  readonly shown: string;
  readonly test: boolean;
  /** Changes when the contents do; undefined until they have been looked at. */
  stamp: string | undefined;
  /** Not text, or too large: a prompt cannot have it. */
  unfit: boolean;
  bytes: number;
  symbols: readonly string[];
  imports: readonly string[];
}

/** A larger file is data, bytes. */
export const largestFile = 200 * 1024;
/** Distinct terms of a file's text, its symbols and its path. */
const mostTerms = { text: 600, symbols: 300, path: 60 } as const;

export interface TableLimits {
  readonly files: number;
  /** Of the inverted index. Beyond, only path and symbols of a file are kept. */
  readonly postings: number;
}
export const tableLimits: TableLimits = { files: 100_000, postings: 12_000_000 };

const textSplitter = new Splitter(new Set([...englishStopWords, ...keywords]));
const nameSplitter = new Splitter();

export class FileTable {
  readonly #entries = new Map<string, FileEntry>();
  readonly #index = new LexicalIndex();
  #shown: { readonly paths: PathMatcher; readonly places: readonly (Place & { readonly kind: 'file' | 'folder' })[] } | undefined;
  #limited = false;

  constructor(private readonly limits: TableLimits = tableLimits) {}

  get listed(): number {
    return this.#entries.size;
  }

  /** Files that questions are answered from. */
  get indexed(): number {
    return this.#index.files;
  }

  /** A limit kept something out. */
  get limited(): boolean {
    return this.#limited;
  }

  /** Before everything is looked at again. */
  forgetLimits(): void {
    this.#limited = false;
  }

  entries(): IterableIterator<FileEntry> {
    return this.#entries.values();
  }

  get({ folder, path }: Place): FileEntry | undefined {
    return this.#entries.get(idOf(folder, path));
  }

  /** @param name stands before the path where there are several folders; else empty */
  list(folder: string, path: string, name: string): FileEntry | undefined {
    const known = this.get({ folder, path });
    const shown = name ? `${name}/${path}` : path;
    if (known?.shown === shown) return known;
    if (known) this.remove(known);
    if (this.#entries.size >= this.limits.files) {
      this.#limited = true;
      return undefined;
    }
    const entry: FileEntry = { folder, path, shown, test: looksLikeTest(path), stamp: undefined, unfit: false, bytes: 0, symbols: [], imports: [] };
    this.#entries.set(idOf(folder, path), entry);
    this.#shown = undefined;
    return entry;
  }

  remove({ folder, path }: Place): void {
    const id = idOf(folder, path);
    this.#index.delete(id);
    if (this.#entries.delete(id)) this.#shown = undefined;
  }

  /** @param text undefined for what is not text, or too large */
  read(entry: FileEntry, stamp: string, bytes: number, text: string | undefined): void {
    const id = idOf(entry.folder, entry.path);
    if (entry.unfit !== (text === undefined)) this.#shown = undefined;
    this.#index.delete(id);
    const full = this.#index.postings >= this.limits.postings;
    // What had no room is looked at again the next time.
    Object.assign(entry, { stamp: full ? undefined : stamp, bytes, unfit: text === undefined, symbols: [], imports: [] });
    if (text === undefined || looksGenerated(entry.path, text)) return;
    entry.symbols = symbolsOf(entry.path, text);
    entry.imports = importsOf(entry.path, text);
    if (full) this.#limited = true;
    this.#index.set(id, {
      path: nameSplitter.count(entry.path, mostTerms.path),
      symbols: nameSplitter.count(entry.symbols.join(' '), mostTerms.symbols),
      text: full ? new Map() : textSplitter.count(text, mostTerms.text),
    });
  }

  search(text: string, options: { readonly limit: number; readonly open: readonly Place[]; readonly recent: readonly Place[] }): FoundFile[] {
    const question = readQuestion(text);
    const circumstances = this.#circumstances(question, options.open, options.recent);
    const factor = (id: string): number => factorOf(id, this.#entries.get(id)?.test ?? false, circumstances);
    const hits = this.#index.search(question.concepts, options.limit, factor);
    const known = new Set(hits.map(({ id }) => id));
    const found = hits.map(({ id, score, concepts }) => ({ id, score, words: concepts.flatMap((place) => question.concepts[place]?.word ?? []) }));
    // Behind all others, in their own order.
    const last = (hits.at(-1)?.score ?? 1) / 2;
    const others = hits.length < options.limit ? bystanders(circumstances).filter((id) => !known.has(id)) : [];
    found.push(...others.map((id, place) => ({ id, score: last / (1 + place), words: [] })));
    return found.slice(0, options.limit).flatMap(({ id, score, words }) => {
      const entry = this.#entries.get(id);
      return entry ? [{ folder: entry.folder, path: entry.path, shown: entry.shown, bytes: entry.bytes, score, why: reasonsFor(id, words, circumstances) }] : [];
    });
  }

  /** Those that a prompt can have. */
  paths(query: string, limit: number): FoundPath[] {
    const { paths, places } = (this.#shown ??= this.#collectPaths());
    return paths.match(query, limit).flatMap(({ index, path: shown, matches }) => {
      const place = places[index];
      return place ? [{ ...place, shown, matches: [...matches] }] : [];
    });
  }

  #circumstances({ names, paths, tests }: Question, open: readonly Place[], recent: readonly Place[]): Circumstances {
    const named = new Map<string, string[]>();
    const name = (id: string, symbol: string): void => void named.set(id, [...(named.get(id) ?? []), symbol]);
    for (const symbol of names) {
      // One with parts is found as a whole, another by its stem.
      const term = nameSplitter.termsOf({ text: symbol, cjk: false }).at(-1);
      for (const id of term === undefined ? [] : this.#index.defining(term)) if (this.#entries.get(id)?.symbols.includes(symbol)) name(id, symbol);
    }
    if (paths.length > 0) {
      for (const [id, { shown }] of this.#entries) {
        const lower = shown.toLowerCase();
        for (const path of paths) if (lower === path || lower.endsWith(`/${path}`)) name(id, path);
      }
    }
    const here = (places: readonly Place[]): FileEntry[] => places.flatMap((place) => this.get(place) ?? []).filter(({ unfit, path }) => !unfit && !hasGeneratedName(path));
    const ids = (entries: readonly FileEntry[]): string[] => entries.map(({ folder, path }) => idOf(folder, path));
    return { named, open: new Set(ids(here(open))), recent: ids(here(recent)), imported: this.#importedBy(here(open)), tests };
  }

  #importedBy(open: readonly FileEntry[]): Map<string, string> {
    const imported = new Map<string, string>();
    for (const { folder, imports, shown } of open) {
      for (const target of imports) {
        const id = filesFor(target).map((path) => idOf(folder, path)).find((each) => this.#entries.has(each));
        if (id !== undefined && !imported.has(id)) imported.set(id, shown);
      }
    }
    return imported;
  }

  #collectPaths(): { paths: PathMatcher; places: (Place & { kind: 'file' | 'folder' })[] } {
    const folders = new Map<string, Place>();
    const paths: string[] = [];
    const places: (Place & { kind: 'file' | 'folder' })[] = [];
    for (const { folder, path, shown, unfit } of this.#entries.values()) {
      if (unfit) continue;
      paths.push(shown);
      places.push({ folder, path, kind: 'file' });
      for (let [own, whole] = [parentOf(path), parentOf(shown)]; own !== '' && !folders.has(whole); [own, whole] = [parentOf(own), parentOf(whole)]) folders.set(whole, { folder, path: own });
    }
    for (const [shown, place] of folders) {
      paths.push(shown);
      places.push({ ...place, kind: 'folder' });
    }
    return { paths: new PathMatcher(paths), places };
  }
}

export function idOf(folder: string, path: string): string {
  return `${folder}\n${path}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
