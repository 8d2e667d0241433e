/** What the rows ask. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sampleDir } from '../scripts/lib/paths.mjs';
import type { ChatParams } from '../src/protocol/engine.ts';
import system from '../src/chat/prompts/system.md';

type Messages = ChatParams['messages'];

/** A question whose answer goes on for long. */
export function longAnswer(): Messages {
  return [
    { role: 'system', content: system.trim() },
    { role: 'user', content: 'Count from 1 to 100.' },
  ];
}

/**
 * A prompt of code of about so many tokens. The number comes first, so that prompts with different numbers share
 * nothing worth caching.
 */
export async function longPrompt(tokens: number, countTokens: (texts: string[]) => Promise<number[]>): Promise<(number: number) => Messages> {
  const files = readdirSync(sampleDir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|js|py)$/.test(name));
  const code = files.toSorted().map((name) => readFileSync(path.join(sampleDir, name), 'utf8')).join('\n');
  const [count = 1] = await countTokens([code]);
  const text = code.repeat(Math.ceil(tokens / count)).slice(0, Math.round((code.length * tokens) / count));
  return (number) => [
    { role: 'system', content: `${String(number)}. ${system.trim()}` },
    { role: 'user', content: `${text}\nWhat does this code do?` },
  ];
}
