/** The golden files of the tiny model, and its messages as Ponder writes them. */
import { readFileSync } from 'node:fs';
import type { Message } from '../../../src/protocol/engine.ts';

export interface GoldenMessage {
  readonly role: Message['role'];
  readonly content: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: { readonly function: { readonly name: string; readonly arguments: unknown } }[];
}

export function golden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/tiny-qwen3/goldens/${name}.json`, import.meta.url), 'utf8'));
}

/** Ponder keeps a thought apart from its answer, where the reference may have both in one content. */
export function toMessage({ role, content, reasoning_content: thought, tool_calls: calls }: GoldenMessage): Message {
  if (role !== 'assistant') return { role, content };
  const joined = /^<think>\n([^]*?)\n<\/think>\n\n([^]*)$/.exec(content);
  return {
    role,
    content: joined?.[2] ?? content,
    ...(joined?.[1] !== undefined ? { thought: joined[1] } : thought !== undefined ? { thought } : {}),
    ...(calls ? { toolCalls: calls.map((call) => ({ name: call.function.name, arguments: JSON.stringify(call.function.arguments) })) } : {}),
  };
}
