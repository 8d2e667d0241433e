import { formatItem } from '../context/format.ts';
import type { ContextItem } from '../context/item.ts';
import { withRules } from '../context/rules.ts';
import type { Message } from '../protocol/engine.ts';
import type { Turn } from './conversation.ts';
import compact from './prompts/compact.md';
import summaryHeading from './prompts/summary.md';
import system from './prompts/system.md';

export interface PromptParts {
  /** Of the workspace. */
  readonly rules?: readonly ContextItem[];
  /** Oldest first, without what is folded away. */
  readonly history?: readonly Turn[];
  /** Stands for the turns that are folded away. */
  readonly summary?: string | undefined;
  /** In their order; see `orderPinned`. */
  readonly pinned?: readonly ContextItem[];
  readonly question: string;
  /** What goes with the question. */
  readonly items?: readonly ContextItem[];
}

/**
 * The messages of a turn: system and the rules of the workspace; pinned files and a summary, before the first question; the history as it was sent;
 * the question. What changes stands behind what does not, so that the KV cache holds all but what is new. Thoughts
 * never go back; a turn that brought no answer is left out.
 */
export function buildMessages({ rules = [], history = [], summary, pinned = [], question, items = [] }: PromptParts): Message[] {
  const messages: Message[] = [{ role: 'system', content: withRules(system, rules) }];
  let opening = pinned.map(formatItem).join('') + (summary === undefined ? '' : `${summaryHeading.trim()}\n\n${summary.trim()}\n\n`);
  const ask = (text: string, along: readonly ContextItem[]): void => {
    messages.push({ role: 'user', content: opening + userText(text, along) });
    opening = '';
  };
  for (const turn of history) {
    if (turn.answer === '') continue;
    ask(turn.question, turn.files);
    messages.push({ role: 'assistant', content: turn.answer });
  }
  ask(question, items);
  return messages;
}

/** What asks for a summary of all that was said. */
export const compactQuestion = compact.trim();

/** A question with what goes along with it. */
export function userText(question: string, items: readonly ContextItem[]): string {
  return items.map(formatItem).join('') + question;
}
