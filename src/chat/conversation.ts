/** What was said: plain data, kept on disk, shown in views, turned into prompts. */
import * as v from 'valibot';
import { errorCodes } from '../base/errors.ts';

/** Finite, since JSON has no other numbers. */
const count = v.pipe(v.number(), v.finite(), v.minValue(0));

const contextFile = v.object({
  /** Relative to the workspace, with forward slashes. */
  path: v.string(),
  content: v.string(),
});
export type ContextFile = v.InferOutput<typeof contextFile>;

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
  files: v.array(contextFile),
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

export interface Conversation {
  readonly id: string;
  readonly title: string;
  /** ms since the epoch. */
  readonly created: number;
  readonly updated: number;
  readonly turns: readonly Turn[];
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
  return { ...conversation, turns: conversation.turns.slice(0, at), title: at === 0 ? '' : conversation.title };
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
