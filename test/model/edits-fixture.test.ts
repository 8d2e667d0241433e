/**
 * The tiny model for edits does what it has learnt through the whole path, letter for letter: so tests of edits have a
 * real model to rely on. Temperature 0, one thread. `measure.mjs` found out which cases are exact.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import form from '../../src/actions/prompts/form-rewrite.md';
import system from '../../src/actions/prompts/system.md';
import type { LocalBackend } from '../../src/backends/local.ts';
import type { ChatParams } from '../../src/protocol/engine.ts';
import { createBackend, fixturePath, greedy, modelPath, run } from './support/backend.ts';
import { golden, toMessage, type GoldenMessage } from './support/goldens.ts';

interface Edit {
  readonly set: string;
  readonly exact: boolean;
  readonly messages: GoldenMessage[];
  readonly answer: string;
}

const { cases } = golden('edits') as { cases: Edit[] };
const exact = cases.filter((entry) => entry.exact);
const sets = [...new Set(cases.map(({ set }) => set))];

/** A fenced block of the answer's language, and nothing else. */
function fenced(answer: string): string {
  return `root ::= "${answer.split('\n', 1).join()}\\n" line* "\`\`\`"\nline ::= ([^\`\\n] [^\\n]*)? "\\n"`;
}

function edit({ messages }: Edit, more: Partial<ChatParams> = {}): ChatParams {
  return { messages: messages.map(toMessage), thinking: false, sampling: greedy, maxTokens: 512, ...more };
}

let backend: LocalBackend;
beforeAll(() => {
  backend = createBackend({ modelPath: modelPath('tiny-qwen3-edits') });
});
afterAll(() => backend.dispose());

describe('the tiny model for edits', () => {
  it('has exact cases in every set', () => {
    expect(sets).toEqual(expect.arrayContaining(['written_rename', 'written_fix', 'written_document', 'rename', 'fix', 'document']));
    for (const set of sets) expect(exact.some((entry) => entry.set === set), set).toBe(true);
    expect(exact.length).toBeGreaterThan(24);
  });

  it('is asked in the words of the product', () => {
    for (const { messages } of cases) {
      const [first, user] = messages;
      expect(first).toEqual({ role: 'system', content: system.trim() });
      const [, from = '', to = ''] = /lines (\d+)-(\d+) as/.exec(user?.content ?? '') ?? [];
      expect(user?.content.endsWith(`\n\n${form.trim().replace('{first}', from).replace('{last}', to)}`)).toBe(true);
    }
  });

  it('is a hybrid model that keeps to 1,024 tokens unstretched', async () => {
    const unchanged = createBackend({ modelPath: fixturePath('tiny-qwen3-edits'), contextSize: 'auto' });
    await expect(unchanged.ensureReady()).resolves.toMatchObject({ thinking: 'hybrid', trainedContext: 1024, contextSize: 1024, yarnFactor: 1 });
    unchanged.dispose();
  });

  describe.each(sets)('%s', (set) => {
    it.each(exact.filter((entry) => entry.set === set).map((entry, index) => [index, entry] as const))('%i', async (_, entry) => {
      const { thought, answer, result } = await run(backend, edit(entry));
      expect({ thought, answer, reason: result.reason }).toEqual({ thought: '', answer: entry.answer, reason: 'stop' });
    });
  });

  it('answers the same under a grammar that allows a fenced block and nothing else', async () => {
    for (const set of sets) {
      const entry = exact.find((each) => each.set === set);
      if (!entry) throw new Error(`Nothing is exact in ${set}.`);
      const { answer } = await run(backend, edit(entry, { grammar: fenced(entry.answer) }));
      expect(answer).toBe(entry.answer);
    }
  });
});
