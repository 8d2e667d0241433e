/** The exact text sent. A change here is a change of the product, and of what the edit fixture was trained on. */
import { describe, expect, it } from 'vitest';
import { askAgain, editMessages, formOf, grammarOf } from '../../../src/actions/edit-prompt.ts';
import type { EditRequest } from '../../../src/actions/edit.ts';
import type { Target } from '../../../src/actions/target.ts';

const lines = ['import a;', '', 'function f(total) {', '  return total;', '}', '', 'f(1);', ''];
const target: Target = { uri: 'file:///w/src/cart.ts', path: 'src/cart.ts', languageId: 'typescript', lines, start: 2, end: 5 };
const request = (part: Partial<EditRequest> = {}): EditRequest => ({ target, instruction: 'Rename `total` to `sum`.', items: [], rules: [], thinking: false, ...part });
const long = Array.from({ length: 200 }, (_, index) => `line(${String(index + 1)});`);

describe('the prompt of an edit', () => {
  it('shows what stands around, then what is to be changed, then what to do', () => {
    expect(editMessages(request())).toEqual([
      { role: 'system', content: 'You are Ponder, a coding assistant in VS Code. You change code as you are asked and leave everything else as it is.' },
      {
        role: 'user',
        content: `File: src/cart.ts, lines 1-2
\`\`\`ts
import a;
\`\`\`

File: src/cart.ts, lines 6-8
\`\`\`ts

f(1);
\`\`\`

File: src/cart.ts, lines 3-5
\`\`\`ts
function f(total) {
  return total;
}
\`\`\`

Rename \`total\` to \`sum\`.

Write lines 3-5 as they shall be, all of them, in one fenced block.`,
      },
    ]);
  });

  it('shows a long part with its numbers, and asks for edits of it', () => {
    const [, user] = editMessages(request({ target: { ...target, lines: long, start: 50, end: 150 } }));
    expect(user?.content).toContain('File: src/cart.ts, lines 51-150\n```ts\n51| line(51);\n52| line(52);\n');
    expect(user?.content).toContain('File: src/cart.ts, lines 21-50\n```ts\nline(21);\n');
    expect(user?.content.endsWith(`Rename \`total\` to \`sum\`.

Answer with edits of lines 51-150. Name the first and the last line that you replace, with their numbers and as they stand:

@@ replace 12| const a = 1;
@@ to 14| }
the new lines
@@ end

Leave out "@@ to" to replace one line. To add lines, begin with "@@ insert after 12| const a = 1;".`)).toBe(true);
  });

  it('shows what else there is to read first, and rules of the workspace to the system', () => {
    const item = { kind: 'problems', path: 'src/cart.ts', content: '3:12: error: No.\n' } as const;
    const rules = [{ path: 'AGENTS.md', content: 'Use tabs.\n' }];
    const [system, user] = editMessages(request({ items: [item], rules }));
    expect(user?.content.startsWith('Problems in src/cart.ts:\n```\n3:12: error: No.\n```\n\nFile: src/cart.ts, lines 1-2\n')).toBe(true);
    expect(system?.content).toContain('\n\nFile: AGENTS.md\n```md\nUse tabs.\n```');
  });

  it('asks for a whole file where there is none yet', () => {
    const [, user] = editMessages(request({ target: { ...target, path: 'src/cart.test.ts', lines: [], start: 0, end: 0 }, instruction: 'Write tests.' }));
    expect(user?.content).toBe('Write tests.\n\nWrite the whole file src/cart.test.ts in one fenced block.');
  });

  it('says so after an answer of no use', () => {
    const messages = editMessages(request());
    expect(askAgain(messages, 'No.')).toEqual([
      ...messages,
      { role: 'assistant', content: 'No.' },
      { role: 'user', content: 'Your last answer changed nothing that could be used. Look again, and make the change.' },
    ]);
  });
});

describe('the form of the answer', () => {
  it('is a rewrite up to 80 lines, and edits between lines beyond', () => {
    expect(formOf({ ...target, lines: long, start: 0, end: 80 })).toBe('rewrite');
    expect(formOf({ ...target, lines: long, start: 0, end: 81 })).toBe('anchored');
    expect(formOf({ ...target, lines: [], start: 0, end: 0 })).toBe('file');
  });

  it('has a fence that the code cannot close', () => {
    const markdown = { ...target, path: 'a.md', lines: ['```ts', 'x', '```'], start: 0, end: 3 };
    expect(grammarOf(markdown)).toContain('root ::= "````md\\n" line* "````"');
  });

  it('names only lines that may be changed', () => {
    const grammar = grammarOf({ ...target, lines: long, start: 100, end: 200 });
    expect(grammar).toContain('n101 ::= "| line(101);"');
    expect(grammar).not.toContain('line(100)');
  });
});
