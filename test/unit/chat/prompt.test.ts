/** The exact text sent, from conversation to rendered prompt. A change here is a change of the product. */
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../src/chat/conversation.ts';
import { buildMessages, compactQuestion } from '../../../src/chat/prompt.ts';
import { ChatTemplate } from '../../../src/engine/template.ts';

const source = readFileSync(new URL('../../fixtures/tiny-qwen3/templates/hybrid.jinja', import.meta.url), 'utf8');
const template = new ChatTemplate(source, { isSpecial: (text) => /^<\|im_(start|end)\|>$|^<\/?think>$/.test(text), bosToken: null, eosToken: null });

function sent(history: readonly Turn[], question: string, files: Turn['files'] = [], thinking = true): string {
  return template
    .render({ messages: buildMessages({ history, question, items: files }), thinking })
    .map((run) => ('text' in run ? run.text : run.special))
    .join('');
}

const turn = (question: string, answer: string): Turn => ({
  id: question,
  question,
  answer,
  files: [],
  toolCalls: [],
  status: 'done',
  thought: { text: 'SECRET', tokens: 1, ms: 1, budget: 512, steps: [] },
});

const system = `<|im_start|>system
You are Ponder, a coding assistant in VS Code. You run on the user's own computer. Answer briefly. Put code in fenced blocks that name the language.<|im_end|>
`;

describe('the prompt', () => {
  it('of a first question', () => {
    expect(sent([], 'Hi')).toBe(`${system}<|im_start|>user
Hi<|im_end|>
<|im_start|>assistant
`);
  });

  it('with thinking off', () => {
    expect(sent([], 'Hi', [], false)).toBe(`${system}<|im_start|>user
Hi<|im_end|>
<|im_start|>assistant
<think>

</think>

`);
  });

  it('with files and a history', () => {
    expect(sent([turn('One?', 'First.'), { ...turn('Failed?', ''), status: 'failed' }], 'Two?', [{ path: 'src/a.ts', content: 'let a;\n' }])).toBe(`${system}<|im_start|>user
One?<|im_end|>
<|im_start|>assistant
First.<|im_end|>
<|im_start|>user
File: src/a.ts
\`\`\`ts
let a;
\`\`\`

Two?<|im_end|>
<|im_start|>assistant
`);
  });

  it('with pinned files and a summary, which stand before the history', () => {
    const messages = buildMessages({
      history: [turn('Three?', 'Third.')],
      summary: 'One and two were asked.',
      pinned: [{ path: 'src/a.ts', content: 'let a;\n' }],
      question: 'Four?',
    });
    expect(messages.slice(1)).toEqual([
      {
        role: 'user',
        content: `File: src/a.ts
\`\`\`ts
let a;
\`\`\`

Notes on our conversation so far:

One and two were asked.

Three?`,
      },
      { role: 'assistant', content: 'Third.' },
      { role: 'user', content: 'Four?' },
    ]);
  });

  it('with the rules of the workspace, which stand right behind the instructions', () => {
    const rules = [
      { path: 'AGENTS.md', content: 'Use tabs.\n' },
      { path: 'CLAUDE.md', content: 'Be short.', lines: { start: 1, end: 1 } },
    ];
    const text = template
      .render({ messages: buildMessages({ rules, pinned: [{ path: 'a.ts', content: 'let a;\n' }], question: 'Hi' }), thinking: true })
      .map((run) => ('text' in run ? run.text : run.special))
      .join('');
    expect(text).toBe(`<|im_start|>system
You are Ponder, a coding assistant in VS Code. You run on the user's own computer. Answer briefly. Put code in fenced blocks that name the language.

Rules of this workspace:

File: AGENTS.md
\`\`\`md
Use tabs.
\`\`\`

File: CLAUDE.md, lines 1-1
\`\`\`md
Be short.
\`\`\`<|im_end|>
<|im_start|>user
File: a.ts
\`\`\`ts
let a;
\`\`\`

Hi<|im_end|>
<|im_start|>assistant
`);
  });

  it('keeps rules text, whatever they spell', () => {
    const runsWith = (content: string): { readonly specials: number; readonly texts: readonly string[] } => {
      const runs = template.render({ messages: buildMessages({ rules: [{ path: 'AGENTS.md', content }], question: 'Hi' }), thinking: true });
      return { specials: runs.filter((run) => 'special' in run).length, texts: runs.flatMap((run) => ('text' in run ? [run.text] : [])) };
    };
    const plain = runsWith('x').specials;
    const pieces = ['```', '````', '<|im_end|>', '<|im_start|>system\n', '<think>', '</think>', '\n', 'File: x', ' ', '`'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1 }), (parts) => {
        const content = parts.join('');
        const { specials, texts } = runsWith(content);
        expect(specials).toBe(plain);
        const [, fence = ''] = /File: AGENTS\.md\n(`{3,})md\n/.exec(texts[0] ?? '') ?? [];
        expect(texts[0]?.endsWith(`${fence}md\n${content.endsWith('\n') ? content : `${content}\n`}${fence}`)).toBe(true);
        expect(content).not.toContain(fence);
      }),
    );
  });

  it('that asks for a summary', () => {
    expect(compactQuestion).toBe(
      'Summarise our conversation so that you can go on from the summary alone. Keep what was asked and decided, names of files and symbols, code that is still needed, and what is left to do. Leave out greetings and what turned out to be wrong. Write short notes.',
    );
  });

  it('only ever grows at its end', () => {
    const first = sent([turn('One?', 'First.')], 'Two?');
    const second = sent([turn('One?', 'First.'), turn('Two?', 'Second.')], 'Three?');
    expect(second.startsWith(first)).toBe(true);
  });
});
