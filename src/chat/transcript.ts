/** A conversation as a document: Markdown that reads well anywhere, and that is read back exactly. Pure. */
import * as v from 'valibot';
import { PonderError } from '../base/errors.ts';
import { fenceFor } from '../context/format.ts';
import { contextItem } from '../context/item.ts';
import { turnSchema, type Conversation, type Turn } from './conversation.ts';
import {
  blockEnd,
  commentStart,
  decodeLabel,
  encodeLabel,
  escapeLine,
  openingOf,
  partsOf,
  roleLine,
  unescapeLine,
  unframe,
  type BlockKind,
  type Part,
} from './transcript-lines.ts';
import { languageOf, openFence, thoughtLabel, turnLabel } from './transcript-words.ts';

const version = 1;
const headStart = `${commentStart}transcript `;
const turnStart = `${commentStart}turn `;
const commentEnd = ' -->';

const { status, cut, stats, error, thought, leftOut, resized } = turnSchema.entries;
/** Of a file, beside what its block says. */
const fileNote = v.omit(contextItem, ['path', 'content']);

/** What a reader has no use for: kept in a comment at the end of each turn. */
const noteSchema = v.object({
  id: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(64))), undefined),
  status,
  cut,
  thought: v.optional(v.omit(thought.wrapped, ['text'])),
  stats,
  leftOut,
  resized,
  /** One for each file, where one of them has any. */
  files: v.optional(v.array(fileNote)),
  /** A code that is not known here does not make the turn unreadable. */
  error: v.fallback(error, undefined),
  /** Texts that end within a code fence: it was closed, lest it swallow what follows. */
  closed: v.optional(v.array(v.picklist(['question', 'answer']))),
});
type Note = v.InferOutput<typeof noteSchema>;

/** What a transcript says of a conversation. */
export interface Transcript {
  readonly title: string;
  readonly turns: Turn[];
}

export function exportTranscript({ title, turns }: Pick<Conversation, 'title' | 'turns'>): string {
  const lines = [`${headStart}${version}${commentEnd}`, ''];
  if (title !== '') lines.push(`# ${encodeLabel(title)}`, '');
  for (const turn of turns) for (const line of turnLines(turn)) lines.push(line);
  return lines.map((line) => `${line}\n`).join('');
}

function* turnLines(turn: Turn): Generator<string, void, void> {
  const { question, files, answer, toolCalls, thought, ...rest } = turn;
  const texts = { question, answer };
  const closed = (['question', 'answer'] as const).filter((name) => {
    const fence = openFence(texts[name]);
    if (fence !== undefined) texts[name] += `\n${fence}`;
    return fence !== undefined;
  });
  yield roleLine.user;
  yield* framed(texts.question);
  for (const { path, content } of files) yield* fenced('file', path, languageOf(path), content);
  yield roleLine.model;
  if (thought) {
    yield* ['', `${openingOf.thought}${thoughtLabel(thought)}</summary>`, ''];
    for (const line of thought.text.split('\n')) yield line === '' ? '>' : `> ${line}`;
    yield* ['', blockEnd];
  }
  yield* framed(texts.answer);
  for (const call of toolCalls) yield* fenced('tool', call.name, 'json', call.arguments);
  const notes = files.map((file) => v.parse(fileNote, file));
  const told = notes.some((each) => Object.keys(each).length > 0);
  const note = { ...rest, files: told ? notes : undefined, thought: thought && { ...thought, text: undefined }, closed: closed.length > 0 ? closed : undefined };
  // Nothing in the JSON can end the comment.
  const json = JSON.stringify(note).replace(/[<>]|--/g, (found) => (found === '--' ? '-\\u002d' : found === '<' ? '\\u003c' : '\\u003e'));
  yield* [`${turnLabel(turn)}${turnStart}${json}${commentEnd}`, ''];
}

function framed(text: string): string[] {
  return text === '' ? [''] : ['', ...text.split('\n').map(escapeLine), ''];
}

function fenced(kind: BlockKind, label: string, language: string, content: string): string[] {
  const fence = fenceFor(content);
  const lines = content === '' ? [] : content.split('\n');
  return [`${openingOf[kind]} <code>${encodeLabel(label)}</code></summary>`, '', fence + language, ...lines, fence, '', blockEnd, ''];
}

/** A turn while it is read. */
interface Draft {
  readonly texts: { question: string[]; answer: string[] };
  readonly files: Turn['files'];
  readonly toolCalls: Turn['toolCalls'];
  answered: boolean;
  thought?: string;
  note?: Note;
}

/**
 * Reads a transcript, edited by hand or not. Throws `transcript-invalid` with the `line` (from 1) that cannot be
 * understood.
 */
export function importTranscript(text: string): Transcript {
  const drafts: Draft[] = [];
  let title: string | undefined;
  let headed = false;
  for (const part of partsOf(linesOf(text))) {
    const draft = drafts.at(-1);
    if (part.kind === 'role' && part.role === 'user') {
      drafts.push({ texts: { question: [], answer: [] }, files: [], toolCalls: [], answered: false });
    } else if (draft) {
      readPart(draft, part);
    } else if (part.kind === 'comment' && !headed && title === undefined) {
      headed = true;
      readHead(part.text, part.line);
    } else if (part.kind === 'text') {
      title = readTitle(part.lines, part.line) ?? title;
    } else {
      throw invalid(part.line, 'No question comes before this');
    }
  }
  if (!headed && drafts.length === 0) throw invalid(0, 'Not a transcript');
  return { title: title ?? '', turns: turnsOf(drafts) };
}

/** An editor may have given every line of the document CRLF; only then do carriage returns mean nothing. */
function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  return lines[0]?.endsWith('\r') ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines;
}

function readHead(comment: string, line: number): void {
  const written = Number(comment.startsWith(headStart) ? comment.slice(headStart.length, -commentEnd.length) : NaN);
  if (!Number.isInteger(written)) throw invalid(line, 'Not the beginning of a transcript');
  if (written > version) throw invalid(line, `Written by a newer Ponder, in version ${written} of the format`);
}

function readTitle(lines: readonly string[], start: number): string | undefined {
  let title: string | undefined;
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    if (title !== undefined || !line.startsWith('# ')) throw invalid(start + index, 'Text before the first question');
    title = decodeLabel(line.slice(2));
  });
  return title;
}

function readPart(draft: Draft, part: Part): void {
  switch (part.kind) {
    case 'role':
      if (draft.answered) throw invalid(part.line, 'A second answer to one question');
      draft.answered = true;
      return;
    case 'text':
      draft.texts[draft.answered ? 'answer' : 'question'].push(unframe(part.lines).map(unescapeLine).join('\n'));
      return;
    case 'block':
      readBlock(draft, part);
      return;
    case 'comment':
      if (draft.note) throw invalid(part.line, 'A second end of one turn');
      draft.note = readNote(part.text, part.line);
      return;
    case 'broken':
      throw invalid(part.line, 'This block does not end, or holds more than it can');
  }
}

function readBlock(draft: Draft, { block, label, content, line }: Extract<Part, { kind: 'block' }>): void {
  if ((block === 'file') === draft.answered) throw invalid(line, 'Files belong to the question, thoughts and tool calls to the answer');
  if (block === 'file') draft.files.push({ path: label, content });
  else if (block === 'tool') draft.toolCalls.push({ name: label, arguments: content });
  else if (draft.thought === undefined) draft.thought = content;
  else throw invalid(line, 'A second thought on one question');
}

function readNote(comment: string, line: number): Note {
  if (!comment.startsWith(turnStart) || !comment.endsWith(commentEnd)) throw invalid(line, 'An unknown comment');
  try {
    return v.parse(noteSchema, JSON.parse(comment.slice(turnStart.length, -commentEnd.length)));
  } catch {
    throw invalid(line, 'The end of this turn cannot be read');
  }
}

function turnsOf(drafts: readonly Draft[]): Turn[] {
  const taken = new Set<string>();
  return drafts.map(({ texts, files, toolCalls, answered, thought, note }, index) => {
    const { id = '', closed = [], thought: known, files: fileNotes = [], ...rest } = note ?? { status: answered ? ('done' as const) : ('stopped' as const) };
    // A turn that was copied within the document becomes one of its own.
    let own = id;
    for (let n = index + 1; own === '' || taken.has(own); n++) own = `turn-${n}`;
    taken.add(own);
    const textOf = (name: 'question' | 'answer'): string => {
      const text = texts[name].filter((piece) => piece !== '').join('\n\n');
      return closed.includes(name) ? withoutClosing(text) : text;
    };
    const unknown = { tokens: 0, ms: 0, budget: 0, steps: [] };
    return {
      ...rest,
      id: own,
      question: textOf('question'),
      files: files.map((file, index) => ({ ...file, ...fileNotes[index] })),
      answer: textOf('answer'),
      toolCalls,
      ...(thought === undefined ? {} : { thought: { ...unknown, ...known, text: thought } }),
    };
  });
}

/** Takes back the line that closed an open code fence, unless it has been edited away. */
function withoutClosing(text: string): string {
  const end = text.lastIndexOf('\n');
  const before = text.slice(0, Math.max(end, 0));
  return openFence(before) === text.slice(end + 1) ? before : text;
}

function invalid(line: number, why: string): PonderError {
  return new PonderError('transcript-invalid', `Line ${line + 1}: ${why}`, { line: line + 1 });
}
