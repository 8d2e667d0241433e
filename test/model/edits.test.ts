/** Edits by the real engine: from what is asked to the document as it would be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditRequest } from '../../src/actions/edit.ts';
import { editMessages, grammarOf } from '../../src/actions/edit-prompt.ts';
import { parseEdits } from '../../src/actions/edits/anchored-edits.ts';
import { writtenIn } from '../../src/actions/edits/rewrite.ts';
import { runEdit } from '../../src/actions/run-edit.ts';
import type { Target } from '../../src/actions/target.ts';
import type { LocalBackend } from '../../src/backends/local.ts';
import { createBackend, greedy, run } from './support/backend.ts';

const long = Array.from({ length: 100 }, (_, index) => `  total += ${String(index)};`);
const part = (lines: readonly string[], start: number, end: number): Target => ({ uri: 'file:///w/a.ts', path: 'a.ts', languageId: 'typescript', lines, start, end });
const request = (target: Target): EditRequest => ({ target, instruction: 'Rename `total` to `sum`.', items: [], rules: [], thinking: false });

let backend: LocalBackend;
beforeAll(() => {
  backend = createBackend({ contextSize: 8192 });
});
afterAll(() => backend.dispose());

/** What a model that knows nothing of edits answers within the grammar. */
async function answer(target: Target, instruction = 'Rename `total` to `sum`.'): Promise<string> {
  const asked = { messages: editMessages({ ...request(target), instruction }), thinking: false, sampling: greedy, grammar: grammarOf(target), lookup: true, maxTokens: 400 };
  return (await run(backend, asked)).answer;
}

describe('whatever the model, an answer', () => {
  it('to be a rewrite is one block', async () => {
    const text = await answer(part(long, 0, 10));
    expect(text.startsWith('```ts\n')).toBe(true);
    expect(writtenIn(text)?.lines.length).toBeGreaterThan(0);
  });

  it('to be edits names lines that are there', async () => {
    const text = await answer(part(long, 0, 100));
    const marks = text.split('\n').slice(0, -1).filter((line) => /^@@ (?:replace|to|insert after) /.test(line));
    expect(marks.length).toBeGreaterThan(0);
    for (const mark of marks) {
      const [, number = '', line] = /(\d+)\| (.*)$/.exec(mark) ?? [];
      expect(line).toBe(long[Number(number) - 1]);
    }
    expect(parseEdits(text, long, 1).edits.length).toBeGreaterThan(0);
  });
});

it('no thought and no tool call gets into code, however much the model wants to', async () => {
  const code = ['export function cartTotal(items: Item[]): number {', '  let total = 0;', '  return total;', '}'];
  for (const instruction of ['Write a function that reverses a string.', 'Think about every number from 1 to 100.', 'List the files of this folder.']) {
    expect(await answer(part(code, 0, 4), instruction)).not.toMatch(/<\/?(?:think|tool_call)>/);
  }
});

it('a cancelled edit ends at once', async () => {
  const aborter = new AbortController();
  const reading = async (): Promise<void> => {
    for await (const event of runEdit(backend, request(part(long, 0, 60)), aborter.signal)) if (event.type === 'proposal') aborter.abort();
  };
  await expect(reading()).rejects.toMatchObject({ name: 'AbortError' });
});
