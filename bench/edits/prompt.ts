import { editMessages } from '../../src/actions/edit-prompt.ts';
import type { ChatParams } from '../../src/protocol/engine.ts';
import type { RenameCase } from './cases.ts';

/** What is asked and, as there is nobody else to write it, what is answered. */
export interface Asked {
  readonly messages: ChatParams['messages'];
  readonly answer: string;
}

/** The function as the selection of a file. */
export function askedFor({ from, to, before, after }: RenameCase): Asked {
  const target = { uri: 'file:///src/work.ts', path: 'src/work.ts', languageId: 'typescript', lines: before, start: 0, end: before.length };
  return {
    messages: editMessages({ target, instruction: `Rename \`${from}\` to \`${to}\`.`, items: [], rules: [], thinking: false }),
    answer: `\`\`\`ts\n${after.join('\n')}\n\`\`\``,
  };
}

/** The answer up to and with the first line that is another one than before. */
export function firstChange({ before, after }: RenameCase): string {
  const changed = after.findIndex((line, index) => line !== before[index]);
  return `\`\`\`ts\n${after.slice(0, changed + 1).join('\n')}\n`;
}
