import { describe, expect, it } from 'vitest';
import type { EditEvent, EditRequest } from '../../../src/actions/edit.ts';
import { runEdit } from '../../../src/actions/run-edit.ts';
import { FakeBackend, fakeModel, type Script } from '../../../src/backends/fake.ts';
import type { ChatResult } from '../../../src/protocol/engine.ts';

const lines = ['import a;', '\tlet total = 0;', '\treturn total;', ''];
const request: EditRequest = {
  target: { uri: 'file:///w/a.ts', path: 'a.ts', languageId: 'typescript', lines, start: 1, end: 3 },
  instruction: 'Rename `total` to `sum`.',
  items: [],
  rules: [],
  thinking: false,
};

function says(texts: readonly string[], reason: ChatResult['reason'] = 'stop'): Script {
  const result = { reason, promptTokens: 1, cachedTokens: 0, thoughtTokens: 0, answerTokens: 1, steps: 1, firstTokenMs: 1, generationMs: 1, usedTokens: 2 };
  return [
    { type: 'reading', done: 5, total: 9, cached: 1 },
    ...texts.map((text) => ({ type: 'answer', text, tokens: 1 }) as const),
    { type: 'end', result },
  ];
}

async function run(backend: FakeBackend, asked: EditRequest = request): Promise<EditEvent[]> {
  const events: EditEvent[] = [];
  for await (const event of runEdit(backend, asked, new AbortController().signal)) events.push(event);
  return events;
}
const proposals = (events: readonly EditEvent[]): string[] => events.flatMap((event) => (event.type === 'proposal' ? [event.lines.join('\n')] : []));
const good = ['```ts\nlet sum', ' = 0;\nreturn sum;\n', '```'];

describe('an edit', () => {
  it('streams the document as it would be, in its indentation, line by line', async () => {
    const events = await run(new FakeBackend([says(good)]));
    expect(proposals(events)).toEqual(['import a;\n\tlet sum = 0;\n\treturn sum;\n', 'import a;\n\tlet sum = 0;\n\treturn sum;\n']);
    expect(events.at(0)).toEqual({ type: 'progress', stage: 'reading', fraction: 0.5 });
    expect(events.at(-1)).toEqual({ type: 'end', changed: true });
  });

  it('leaves the lines under what is written so far as they are', async () => {
    const events = await run(new FakeBackend([says(['```ts\nlet sum = 0;\n', 'return sum;\n```'])]));
    expect(proposals(events)[0]).toBe('import a;\n\tlet sum = 0;\n\treturn total;\n');
  });

  it('asks greedily, looks up, and lets nothing but a block through', async () => {
    const backend = new FakeBackend([says(good)]);
    await run(backend);
    expect(backend.requests[0]).toMatchObject({ thinking: false, thoughtBudget: 0, lookup: true, sampling: { temperature: 0 } });
    expect(backend.requests[0]?.grammar).toContain('root ::= "```ts\\n"');
  });

  it('never takes talk for code', async () => {
    const backend = new FakeBackend([says(['I cannot do that.\nSorry.\n'])]);
    const events = await run(backend);
    expect(events.at(-1)).toEqual({ type: 'end', changed: false, answer: 'I cannot do that.\nSorry.\n' });
    expect(proposals(events)).toEqual([lines.join('\n')]);
  });

  it('asks once more where nothing was changed, and says what it got', async () => {
    const backend = new FakeBackend([says(['```ts\n\tlet total = 0;\n\treturn total;\n```']), says(good)]);
    const events = await run(backend);
    expect(backend.requests).toHaveLength(2);
    expect(backend.requests[1]?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: '```ts\n\tlet total = 0;\n\treturn total;\n```' },
      { role: 'user', content: 'Your last answer changed nothing that could be used. Look again, and make the change.' },
    ]);
    expect(events.at(-1)).toEqual({ type: 'end', changed: true });
  });

  it('asks no third time', async () => {
    const backend = new FakeBackend([says(['no'])]);
    await run(backend);
    expect(backend.requests).toHaveLength(2);
  });

  it('takes nothing that was cut off', async () => {
    const events = await run(new FakeBackend([says(good, 'length')]));
    expect(events.at(-1)).toMatchObject({ type: 'end', changed: false });
    expect(proposals(events).at(-1)).toBe(lines.join('\n'));
  });

  it('keeps edits of a long part between its lines', async () => {
    const long = Array.from({ length: 100 }, (_, index) => `line(${String(index + 1)});`);
    const target = { ...request.target, lines: long, start: 0, end: 100 };
    const events = await run(new FakeBackend([says(['@@ replace 2| line(2);\nsecond();\n', '@@ end\n@@ insert after 99| line(99);\nnew();\n@@ end\n'])]), { ...request, target });
    expect(proposals(events).at(-1)?.split('\n')).toEqual(['line(1);', 'second();', ...long.slice(2, 99), 'new();', 'line(100);']);
  });

  it('writes a new file with a line break at its end', async () => {
    const target = { ...request.target, lines: [], start: 0, end: 0 };
    expect(proposals(await run(new FakeBackend([says(good)]), { ...request, target })).at(-1)).toBe('let sum = 0;\nreturn sum;\n');
  });

  it('thinks by another sampling where one is chosen', async () => {
    const backend = new FakeBackend([says(good)]);
    await run(backend, { ...request, thinking: true, thoughtSampling: (model) => Promise.resolve({ temperature: 1, topP: 1, topK: model.name.length, minP: 0 }) });
    expect(backend.requests[0]).toMatchObject({ thinking: true, sampling: { temperature: 1, topK: fakeModel.name.length } });
  });

  it('thinks where asked, then by the recommended sampling', async () => {
    const backend = new FakeBackend([says(good)]);
    await run(backend, { ...request, thinking: true });
    expect(backend.requests[0]).toMatchObject({ thinking: true, thoughtBudget: 4096, sampling: { temperature: 0.6 } });
    const never = new FakeBackend([says(good)], { ...fakeModel, thinking: 'never' });
    await run(never, { ...request, thinking: true });
    expect(never.requests[0]).toMatchObject({ thinking: false, sampling: { temperature: 0 } });
  });

  it('passes on what goes wrong', async () => {
    await expect(run(new FakeBackend([[new Error('gone')]]))).rejects.toThrow('gone');
  });
});
