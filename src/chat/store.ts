/** Conversations on disk, one file each. Nothing that was said is overwritten unread or deleted beyond recall. */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Mutex } from '../base/async.ts';
import { PonderError } from '../base/errors.ts';
import { decode, decodeSummary, encode, summaryOf, type ConversationSummary, type FileContents } from './conversation-file.ts';
import type { Conversation } from './conversation.ts';
import { findText, fold } from './find-text.ts';
import { ifThere, keepDamaged, moveAll, readStart, replaceFile, stampOf } from './store-files.ts';

export type { ConversationSummary } from './conversation-file.ts';

/** A conversation as it was read. */
export interface Loaded {
  readonly conversation: Conversation;
  /** `conversation-damaged`: not all could be read. The file as it was is kept beside. */
  readonly damage?: PonderError;
  /** Written by a newer Ponder: to be read, and not to be saved. */
  readonly newer?: true;
}

/** A conversation that a search has found, and the first place where. */
export interface Found extends ConversationSummary {
  /** The line that matches, or the part of it around the match. */
  readonly snippet: string;
  /** Absent when the title matches. */
  readonly turnId?: string;
}

interface Known {
  /** Of the file that this was read from; another stamp means another file. */
  readonly stamp: string;
  readonly summary: ConversationSummary;
  /** All of the file is known to be readable by us, so that it can be overwritten. */
  readonly sound: boolean;
}

const ownerOnly = 0o700;
/** Holds the header of nearly every file. */
const headerBytes = 4096;
const fileName = /^([A-Za-z0-9-]{1,64})\.jsonl$/;

/** The conversations in one directory, given as an absolute path; it need not exist yet. */
export class ConversationStore {
  readonly #directory: string;
  readonly #trash: string;
  readonly #locks = new Map<string, Mutex>();
  readonly #known = new Map<string, Known>();

  constructor(directory: string) {
    this.#directory = directory;
    this.#trash = join(directory, 'trash');
  }

  /** Replaces what is kept of a conversation. Throws `conversation-newer` where that would lose what we cannot read. */
  save(conversation: Conversation): Promise<void> {
    const { id } = conversation;
    return this.#locked(id, async (path) => {
      await mkdir(this.#directory, { recursive: true, mode: ownerOnly });
      await this.#makeWay(id, path);
      await replaceFile(path, encode(conversation));
      this.#known.set(id, { stamp: await stampOf(path), summary: summaryOf(conversation), sound: true });
    });
  }

  /** Every whole turn of a conversation. Rejects when there is none of that id. */
  load(id: string): Promise<Loaded> {
    return this.#locked(id, async (path) => {
      const file = await this.#read(id, path);
      const { conversation } = file;
      if (file.newer) return { conversation, newer: true };
      if (file.sound) return { conversation };
      const copy = await keepDamaged(path);
      const data = { kept: conversation.turns.length, lost: file.lost, copy };
      return { conversation, damage: new PonderError('conversation-damaged', `${path} is damaged`, data) };
    });
  }

  /** All conversations, the latest first. A file that cannot be opened is left out. */
  async list(): Promise<ConversationSummary[]> {
    const summaries: ConversationSummary[] = [];
    for (const name of (await ifThere(readdir(this.#directory))) ?? []) {
      const id = fileName.exec(name)?.[1];
      const summary = id && (await this.#summary(id).catch(() => undefined));
      if (summary) summaries.push(summary);
    }
    return summaries.sort((a, b) => b.updated - a.updated || a.id.localeCompare(b.id));
  }

  /** The conversations in whose title, questions or answers a text occurs, the latest first. */
  async search(query: string, signal?: AbortSignal): Promise<Found[]> {
    const wanted = fold(query.trim());
    if (!wanted) return [];
    const found: Found[] = [];
    for (const { id } of await this.list()) {
      signal?.throwIfAborted();
      const file = await this.#read(id, this.#path(id)).catch(() => undefined);
      const match = file && findIn(file.conversation, wanted);
      if (match) found.push(match);
    }
    return found;
  }

  /** Moves a conversation, and what was kept of its damaged file, out of sight. */
  delete(id: string): Promise<void> {
    return this.#locked(id, async () => {
      await mkdir(this.#trash, { recursive: true, mode: ownerOnly });
      await moveAll(`${id}.jsonl`, this.#directory, this.#trash);
    });
  }

  /** Brings a deleted conversation back; false when there is nothing to bring back, or a newer one in its place. */
  restore(id: string): Promise<boolean> {
    return this.#locked(id, async (path) => {
      if (await ifThere(stat(path))) return false;
      return (await moveAll(`${id}.jsonl`, this.#trash, this.#directory)) > 0;
    });
  }

  /** Removes for good what was deleted before a time (ms since the epoch). */
  async emptyTrash(before: number): Promise<void> {
    for (const name of (await ifThere(readdir(this.#trash))) ?? []) {
      const path = join(this.#trash, name);
      // Moving a file leaves its modification time and sets this one.
      const deleted = (await ifThere(stat(path)))?.ctimeMs;
      if (deleted !== undefined && deleted < before) await rm(path, { force: true });
    }
  }

  /** Keeps a damaged file beside before it is overwritten, and refuses to overwrite a newer one. */
  async #makeWay(id: string, path: string): Promise<void> {
    const stamp = await ifThere(stampOf(path));
    const known = this.#known.get(id);
    if (stamp === undefined || (known?.stamp === stamp && known.sound)) return;
    const file = await this.#read(id, path);
    if (file.newer) {
      const message = `${path} was written by a newer Ponder`;
      throw new PonderError('conversation-newer', message, { version: file.version });
    }
    if (!file.sound) await keepDamaged(path);
  }

  async #read(id: string, path: string): Promise<FileContents> {
    const { mtimeMs } = await stat(path);
    const stamp = await stampOf(path);
    const file = decode(await readFile(path), id, Math.trunc(mtimeMs));
    this.#known.set(id, { stamp, summary: summaryOf(file.conversation), sound: file.sound && !file.newer });
    return file;
  }

  async #summary(id: string): Promise<ConversationSummary> {
    const path = this.#path(id);
    const stamp = await stampOf(path);
    const known = this.#known.get(id);
    if (known?.stamp === stamp) return known.summary;
    const summary = decodeSummary(await readStart(path, headerBytes), id);
    if (!summary) return summaryOf((await this.#read(id, path)).conversation);
    this.#known.set(id, { stamp, summary, sound: false });
    return summary;
  }

  /** Where a conversation is kept. An id comes from outside and must not lead anywhere else. */
  #path(id: string): string {
    const name = `${id}.jsonl`;
    if (!fileName.test(name)) throw new PonderError('bad-message', 'Not the id of a conversation');
    return join(this.#directory, name);
  }

  async #locked<T>(id: string, task: (path: string) => Promise<T>): Promise<T> {
    const path = this.#path(id);
    const lock = this.#locks.get(id) ?? new Mutex();
    this.#locks.set(id, lock);
    return lock.run(() => task(path));
  }
}

/** The first place in a conversation where a folded text occurs. Thoughts are not looked at. */
function findIn(conversation: Conversation, wanted: string): Found | undefined {
  const summary = summaryOf(conversation);
  const inTitle = findText(conversation.title, wanted);
  if (inTitle) return { ...summary, snippet: inTitle };
  for (const { id, question, answer } of conversation.turns) {
    const snippet = findText(question, wanted) ?? findText(answer, wanted);
    if (snippet) return { ...summary, snippet, turnId: id };
  }
  return undefined;
}
