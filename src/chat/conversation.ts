/** What was said: plain data, kept on disk, shown in views, turned into prompts. */
import * as v from 'valibot';
import { errorCodes } from '../base/errors.ts';
import { contextItem, leftOut } from '../context/item.ts';
import { kvTypes } from '../protocol/engine.ts';

/** Finite, since JSON has no other numbers. */
const count = v.pipe(v.number(), v.finite(), v.minValue(0));

const thought = v.object({
  text: v.string(),
  tokens: count,
  /** Time spent thinking, ms. */
  ms: count,
  /** Tokens after which the thought would have been closed. */
  budget: count,
  /** Absent when the turn was stopped within the thought. */
  endedBy: v.optional(v.picklist(['model', 'budget', 'user'])),
  /** Where paragraphs start (UTF-16 offset) and when (ms since the thought began). */
  steps: v.array(v.object({ start: count, ms: count })),
});
export type Thought = v.InferOutput<typeof thought>;

export const turnSchema = v.object({
  id: v.string(),
  question: v.string(),
  /** What was sent along with the question, in the order of the prompt. */
  files: v.array(contextItem),
  /** What was to be sent along and was not. */
  leftOut: v.optional(v.array(leftOut)),
  /** The window as the engine made it for this turn, where it was another before. */
  resized: v.optional(v.object({ size: count, yarnFactor: count, kvType: v.picklist(kvTypes), why: v.picklist(['grown', 'shrunk', 'memory']) })),
  thought: v.optional(thought),
  /** Markdown. */
  answer: v.string(),
  toolCalls: v.array(v.object({ name: v.string(), arguments: v.string() })),
  /** `stopped` also stands for a turn that was running when the window closed. */
  status: v.picklist(['done', 'stopped', 'failed']),
  /** Present when the budget or the window cut the answer. */
  cut: v.optional(v.literal('length')),
  stats: v.optional(v.object({ tokens: count, tokensPerSecond: count, firstTokenMs: count, model: v.string() })),
  error: v.optional(
    v.object({
      code: v.picklist(errorCodes),
      message: v.string(),
      data: v.record(v.string(), v.union([v.string(), v.number()])),
    }),
  ),
});
export type Turn = v.InferOutput<typeof turnSchema>;

export const pinSchema = v.object({ kind: v.picklist(['file', 'folder']), uri: v.string() });
/** A file or folder that every question of a conversation is read with. */
export type Pin = v.InferOutput<typeof pinSchema>;

export const foldSchema = v.object({
  /** How many of the oldest turns the model does not read any more. */
  turns: v.pipe(count, v.integer()),
  /** Stands for them, where one was asked for. */
  summary: v.optional(v.string()),
  /** Turns that were folded before the summary was made. */
  before: v.optional(v.pipe(count, v.integer())),
});
export type Fold = v.InferOutput<typeof foldSchema>;

export interface Conversation {
  readonly id: string;
  readonly title: string;
  /** ms since the epoch. */
  readonly created: number;
  readonly updated: number;
  readonly turns: readonly Turn[];
  readonly pins?: readonly Pin[];
  readonly fold?: Fold;
}

export function newConversation(id: string, now: number): Conversation {
  return { id, title: '', created: now, updated: now, turns: [] };
}

/** The conversation with a turn added, or replaced by its id; titled by its first question. */
export function withTurn(conversation: Conversation, turn: Turn, now: number): Conversation {
  const at = conversation.turns.findIndex(({ id }) => id === turn.id);
  const turns = at < 0 ? [...conversation.turns, turn] : conversation.turns.with(at, turn);
  return { ...conversation, turns, updated: now, title: conversation.title || titleFrom(turn.question) };
}

/** The conversation as it was before a turn: what is left when that turn is asked again. Its first question names it. */
export function before(conversation: Conversation, turnId: string): Conversation {
  const at = conversation.turns.findIndex(({ id }) => id === turnId);
  if (at < 0) return conversation;
  const { fold, ...rest } = conversation;
  // What stands for more turns than are left would tell the model of those that are gone.
  const kept = fold && fold.turns <= at ? { fold } : {};
  return { ...rest, ...kept, turns: conversation.turns.slice(0, at), title: at === 0 ? '' : conversation.title };
}

const titleLength = 60;

/** The first line of a question, cut at a word. */
export function titleFrom(question: string): string {
  const line = question.trim().split('\n', 1)[0]?.trim() ?? '';
  const characters = Array.from(line);
  if (characters.length <= titleLength) return line;
  const cut = characters.slice(0, titleLength).join('');
  // A word cut off is left out, unless it is most of the title, as in languages without spaces.
  const space = cut.lastIndexOf(' ');
  return `${(space > titleLength / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
