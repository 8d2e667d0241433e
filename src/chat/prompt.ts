import { formatFile } from '../context/format.ts';
import type { Message } from '../protocol/engine.ts';
import type { ContextFile, Turn } from './conversation.ts';
import system from './prompts/system.md';

/**
 * The messages of a turn: system, then the history as it was sent, then the question. Append-only, so that the KV
 * cache holds all but what is new. Thoughts never go back; a turn that brought no answer is left out.
 */
export function buildMessages(history: readonly Turn[], question: string, files: readonly ContextFile[]): Message[] {
  const messages: Message[] = [{ role: 'system', content: system.trim() }];
  for (const turn of history) {
    if (turn.answer === '') continue;
    messages.push(userMessage(turn.question, turn.files), { role: 'assistant', content: turn.answer });
  }
  messages.push(userMessage(question, files));
  return messages;
}

function userMessage(question: string, files: readonly ContextFile[]): Message {
  return { role: 'user', content: files.map(formatFile).join('') + question };
}
