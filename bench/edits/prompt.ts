import { formatItem } from '../../src/context/format.ts';
import type { ChatParams } from '../../src/protocol/engine.ts';
import rewrite from '../../src/actions/prompts/form-rewrite.md';
import system from '../../src/actions/prompts/system.md';
import type { RenameCase } from './cases.ts';

/** What is asked and, as there is nobody else to write it, what is answered. */
export interface Asked {
  readonly messages: ChatParams['messages'];
  readonly answer: string;
}

/** The function as the selection of a file. */
export function askedFor({ from, to, before, after }: RenameCase): Asked {
  const lines = { start: 1, end: before.length };
  const item = formatItem({ path: 'src/work.ts', content: before.join('\n'), lines });
  const form = rewrite.trim().replace('{first}', String(lines.start)).replace('{last}', String(lines.end));
  return {
    messages: [
      { role: 'system', content: system.trim() },
      { role: 'user', content: `${item}Rename \`${from}\` to \`${to}\`.\n\n${form}` },
    ],
    answer: `\`\`\`ts\n${after.join('\n')}\n\`\`\``,
  };
}

/** The answer up to and with the first line that is another one than before. */
export function firstChange({ before, after }: RenameCase): string {
  const changed = after.findIndex((line, index) => line !== before[index]);
  return `\`\`\`ts\n${after.slice(0, changed + 1).join('\n')}\n`;
}
