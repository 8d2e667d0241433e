/** Turns that the model does not read any more, and the summary that may stand for them. Pure. */
import type { Conversation } from './conversation.ts';

/** With the oldest turns folded away; what is folded stays so. */
export function folded(conversation: Conversation, turns: number): Conversation {
  const { fold } = conversation;
  return turns <= (fold?.turns ?? 0) ? conversation : { ...conversation, fold: { ...fold, turns } };
}

/** With a summary for all turns there are. */
export function summarised(conversation: Conversation, summary: string): Conversation {
  const { fold, turns } = conversation;
  return { ...conversation, fold: { turns: turns.length, summary, before: fold?.summary === undefined ? (fold?.turns ?? 0) : (fold.before ?? 0) } };
}

/** Without its summary; folded as it was before. */
export function unsummarised(conversation: Conversation): Conversation {
  const { fold, ...rest } = conversation;
  return fold?.before ? { ...rest, fold: { turns: fold.before } } : rest;
}
