import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeModel } from '../../../src/backends/fake.ts';
import { assemble, type Assembled, type Request } from '../../../src/chat/assemble.ts';
import type { Turn } from '../../../src/chat/conversation.ts';
import { answerReserve } from '../../../src/context/budget.ts';
import type { ContextItem } from '../../../src/context/item.ts';
import type { PromptParams } from '../../../src/protocol/engine.ts';

/** A token a word, and `extra` for each message: parts need not add up to the whole. */
function tools(extra: number): Parameters<typeof assemble>[2] {
  const count = (text: string): number => text.split(/\s+/).length;
  return {
    count: (texts) => Promise.resolve(texts.map(count)),
    measure: ({ messages }: PromptParams) =>
      Promise.resolve({ tokens: messages.reduce((sum, { content }) => sum + count(content) + extra, 0), cached: 0, restorable: 0, readSpeed: 0 }),
  };
}

const words = (count: number, of = 'x'): string => `${of} `.repeat(count);
const file = (path: string, size: number): ContextItem => ({ path, content: words(size, path) });
const turn = (id: string, size: number): Turn => ({ id, question: id, answer: words(size, id), files: [], toolCalls: [], status: 'done' });
const plain: Request = { history: [], fold: undefined, rules: [], pinned: [], question: 'Why?', items: [], automatic: [], thinking: false, thoughtBudget: 0 };
const model = { ...fakeModel, largestContext: 4096 };

function texts({ prompt }: Assembled): string {
  return prompt.messages.map(({ content }) => content).join('\n');
}

describe('assemble', () => {
  it('puts pinned files before the history, and what was given before the question', async () => {
    const { prompt, items } = await assemble(
      { ...plain, history: [turn('one', 1)], pinned: [file('pinned.ts', 1)], items: [file('given.ts', 1)], automatic: [file('picked.ts', 1)] },
      model,
      tools(0),
    );
    expect(prompt.messages.map(({ role, content }) => [role, /\w+\.ts/.exec(content)?.[0]])).toEqual([
      ['system', undefined],
      ['user', 'pinned.ts'],
      ['assistant', undefined],
      ['user', 'picked.ts'],
    ]);
    expect(prompt.messages.at(-1)?.content).toMatch(/picked\.ts[^]*given\.ts[^]*Why\?$/);
    expect(items.map(({ path, tokens }) => [path, (tokens ?? 0) > 0])).toEqual([['picked.ts', true], ['given.ts', true]]);
  });

  it('counts the rules as what never gives way, and picks none of them again', async () => {
    const rules = [file('AGENTS.md', 2000)];
    const { prompt, items, leftOut, measure } = await assemble({ ...plain, rules, automatic: [file('AGENTS.md', 2000), file('b', 1500)] }, model, tools(0));
    expect(prompt.messages[0]?.content).toContain('AGENTS.md AGENTS.md');
    expect(measure.tokens).toBeGreaterThan(2000);
    expect(items).toEqual([]);
    expect(leftOut.map(({ label }) => label)).toEqual(['b']);
  });

  it('leaves the lowest-ranked picks out and names them', async () => {
    const { items, leftOut, folded } = await assemble({ ...plain, history: [turn('one', 1000)], automatic: [file('a', 800), file('b', 800), file('c', 800)] }, model, tools(0));
    expect(items.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(leftOut).toEqual([{ label: 'c', why: 'window', tokens: expect.any(Number) as number }]);
    expect(folded).toBe(0);
  });

  it('then folds the oldest turns', async () => {
    const assembled = await assemble({ ...plain, history: ['one', 'two', 'three', 'four'].map((id) => turn(id, 1000)), automatic: [file('a', 10)] }, model, tools(0));
    expect(assembled.folded).toBe(2);
    expect(assembled.items).toEqual([]);
    expect(texts(assembled)).not.toContain('two ');
    expect(texts(assembled)).toContain('three ');
  });

  it('packs again where the parts come to more than their sum', async () => {
    const history = Array.from({ length: 20 }, (_, index) => turn(`t${String(index)}`, 100));
    const { measure, folded } = await assemble({ ...plain, history }, model, tools(200));
    expect(folded).toBeGreaterThan(0);
    expect(measure.tokens + answerReserve(4096, 0)).toBeLessThanOrEqual(4096);
  });

  it('does not read a picked file that the model reads already', async () => {
    const a = file('a', 10);
    expect((await assemble({ ...plain, pinned: [a], automatic: [a] }, model, tools(0))).items).toEqual([]);
    expect((await assemble({ ...plain, history: [{ ...turn('one', 1), files: [a] }], automatic: [a] }, model, tools(0))).items).toEqual([]);
    expect((await assemble({ ...plain, pinned: [a], automatic: [{ ...a, content: 'changed' }] }, model, tools(0))).items).toHaveLength(1);
    // Folded away, it is not read any more.
    const folded = { ...plain, history: [{ ...turn('one', 1), files: [a] }], fold: { turns: 1 }, automatic: [a] };
    expect((await assemble(folded, model, tools(0))).items).toHaveLength(1);
  });

  it('tells of the turns folded away by their summary', async () => {
    const assembled = await assemble({ ...plain, history: [turn('one', 5)], fold: { turns: 1, summary: 'They spoke.' }, pinned: [file('a.ts', 1)] }, model, tools(0));
    expect(assembled.prompt.messages[1]?.content).toMatch(/a\.ts[^]*Notes on our conversation so far:\n\nThey spoke\.\n\nWhy\?$/);
    expect(texts(assembled)).not.toContain('one one');
  });

  it('never goes over the window while anything can give way, drops nothing that was pinned or given, and is the same each time', async () => {
    const size = fc.integer({ min: 0, max: 2500 });
    const request = fc.record({ pinned: size, given: size, automatic: fc.array(size, { maxLength: 5 }), history: fc.array(size, { maxLength: 6 }), extra: fc.nat({ max: 60 }) });
    await fc.assert(
      fc.asyncProperty(request, async ({ pinned, given, automatic, history, extra }) => {
        const asked: Request = {
          ...plain,
          pinned: [file('pinned', pinned)],
          items: [file('given', given)],
          automatic: automatic.map((each, index) => file(`auto${String(index)}`, each)),
          history: history.map((each, index) => turn(`turn${String(index)}`, each)),
        };
        const assembled = await assemble(asked, model, tools(extra));
        const sent = texts(assembled);
        expect(sent).toContain('File: pinned');
        expect(sent).toContain('File: given');
        expect(sent.endsWith('Why?')).toBe(true);
        const mayGiveWay = assembled.items.length > 1 || assembled.folded < history.length;
        if (mayGiveWay) expect(assembled.measure.tokens + answerReserve(4096, 0)).toBeLessThanOrEqual(4096);
        expect(assembled.items.length + assembled.leftOut.length).toBe(1 + automatic.length);
        expect(await assemble(asked, model, tools(extra))).toEqual(assembled);
      }),
      { numRuns: 150 },
    );
  });
});
