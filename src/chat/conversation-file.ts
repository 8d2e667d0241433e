/** How a conversation is kept in a file: a header line, then one line of JSON per turn. Pure. */
import * as v from 'valibot';
import { foldSchema, pinSchema, titleFrom, turnSchema, type Conversation, type Turn } from './conversation.ts';

const format = 'ponder-conversation';
const version = 1;
const newline = 0x0a;

const count = v.pipe(v.number(), v.minValue(0));
const absent = <T>(schema: v.GenericSchema<T>): v.GenericSchema<unknown, T | undefined> =>
  v.fallback(v.optional(schema), undefined);

const headerSchema = v.object({
  format: v.literal(format),
  version: v.number(),
  title: absent(v.string()),
  created: absent(count),
  updated: absent(count),
  /** How many turns follow: tells a file cut between two lines from a whole one, and spares a list the reading. */
  turns: absent(count),
  pins: absent(v.array(pinSchema)),
  fold: absent(foldSchema),
});

/** A conversation without its turns: what a list shows. */
export interface ConversationSummary extends Omit<Conversation, 'turns' | 'pins' | 'fold'> {
  readonly turns: number;
}

/** What a conversation file says, as far as it can be read. */
export interface FileContents {
  readonly conversation: Conversation;
  readonly version: number;
  /** Written by a newer Ponder: there may be more to it than this one can read. */
  readonly newer: boolean;
  /** Nothing is missing. */
  readonly sound: boolean;
  /** Turns known to have been there that cannot be read. */
  readonly lost: number;
}

export function summaryOf({ id, title, created, updated, turns }: Conversation): ConversationSummary {
  return { id, title, created, updated, turns: turns.length };
}

export function encode(conversation: Conversation): Buffer {
  const { pins, fold } = conversation;
  const header = { format, version, ...summaryOf(conversation), pins: pins && pins.length > 0 ? pins : undefined, fold };
  return Buffer.from([header, ...conversation.turns].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Every whole turn of a file. What its header lacks is taken from the turns and from the file's date. */
export function decode(bytes: Uint8Array, id: string, modified: number): FileContents {
  const [first, ...rest] = linesOf(bytes).map(parseLine);
  const header = v.safeParse(headerSchema, first);
  const turns: Turn[] = [];
  let broken = 0;
  for (const line of header.success ? rest : [first, ...rest]) {
    const turn = v.safeParse(turnSchema, line);
    if (turn.success) turns.push(turn.output);
    else broken++;
  }
  const found = header.success ? header.output : undefined;
  // Without a header, one of the lines that cannot be read was it.
  const lost = found ? Math.max(broken, (found.turns ?? 0) - turns.length) : Math.max(0, broken - 1);
  const created = found?.created ?? modified;
  const conversation = {
    id,
    title: found?.title ?? titleFrom(turns[0]?.question ?? ''),
    created,
    updated: found?.updated ?? Math.max(created, modified),
    turns,
    ...(found?.pins ? { pins: found.pins } : {}),
    // Turns that were lost would make it stand for others.
    ...(found?.fold && found.fold.turns <= turns.length && lost === 0 ? { fold: found.fold } : {}),
  };
  const written = found?.version ?? version;
  return { conversation, version: written, newer: written > version, sound: complete(found) && lost === 0, lost };
}

/** The summary in the first bytes of a file, if they hold a whole header. */
export function decodeSummary(bytes: Uint8Array, id: string): ConversationSummary | undefined {
  const end = bytes.indexOf(newline);
  const header = v.safeParse(headerSchema, parseLine(bytes.subarray(0, Math.max(end, 0))));
  if (!header.success) return undefined;
  const { title, created, updated, turns } = header.output;
  if (title === undefined || created === undefined || updated === undefined || turns === undefined) return undefined;
  return { id, title, created, updated, turns };
}

/** Whether a header says all that a conversation needs. */
function complete(header: v.InferOutput<typeof headerSchema> | undefined): boolean {
  return header?.title !== undefined && header.created !== undefined && header.updated !== undefined;
}

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0, end; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(newline, start);
    if (end < 0) end = bytes.length;
    if (end > start) lines.push(bytes.subarray(start, end));
  }
  return lines;
}

/** A line's JSON; undefined when it is none. Bytes that are not UTF-8 are damage too, and not to be papered over. */
function parseLine(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    return undefined;
  }
}
