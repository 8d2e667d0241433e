/** Conversations as fast-check makes them up: whatever the schema allows, with what is hard to write down. */
import * as fc from 'fast-check';
import { itemKinds, leftOutReasons } from '../../../src/context/item.ts';
import { kvTypes } from '../../../src/protocol/engine.ts';
import { errorCodes } from '../../../src/base/errors.ts';
import type { Turn } from '../../../src/chat/conversation.ts';

const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '\r',
    '## You',
    '## Ponder  ',
    '\\## You',
    '\\\\## Ponder',
    '# A heading',
    '```',
    '````ts',
    '~~~',
    '  ```js',
    '> quoted',
    '>',
    '<details><summary>Thought for 2.0 s</summary>',
    '<details><summary>File <code>a</code></summary>',
    '\\<details><summary>Tool call</summary>',
    '</details>',
    '<!-- ponder:transcript 1 -->',
    '*5 tokens* <!-- ponder:turn {"status":"done"} -->',
    '<!-- ponder:turn',
    '-->',
    '&lt;&amp;&#10;',
    'trailing  ',
    '\ttab',
    '日本語の文',
    '👩‍💻 e\u0301',
    '\uFEFF',
    '\u2028',
    '\ud800',
  ),
);
export const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
const count = fc.oneof(fc.nat(), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })).map((n) => n + 0);
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 });
const record = <T, K extends keyof T>(model: { [P in keyof T]: fc.Arbitrary<T[P]> }, requiredKeys: K[]) =>
  fc.record(model, { requiredKeys, noNullPrototype: true });

const thought = record(
  {
    text,
    tokens: count,
    ms: count,
    budget: count,
    endedBy: fc.constantFrom('model' as const, 'budget' as const, 'user' as const),
    steps: list(fc.record({ start: count, ms: count }, { noNullPrototype: true })),
  },
  ['text', 'tokens', 'ms', 'budget', 'steps'],
);

const lines = fc.record({ start: fc.integer({ min: 1, max: 9999 }), end: fc.integer({ min: 1, max: 9999 }) }, { noNullPrototype: true });
const item = record({ kind: fc.constantFrom(...itemKinds), path: text, content: text, lines, tokens: count }, ['path', 'content']);

const turn: fc.Arbitrary<Turn> = record(
  {
    id: fc.uuid(),
    question: text,
    files: list(item),
    leftOut: list(record({ label: text, why: fc.constantFrom(...leftOutReasons), tokens: count }, ['label', 'why'])),
    resized: fc.record(
      { size: count, yarnFactor: count, kvType: fc.constantFrom(...kvTypes), why: fc.constantFrom('grown' as const, 'shrunk' as const, 'memory' as const) },
      { noNullPrototype: true },
    ),
    thought,
    answer: text,
    toolCalls: list(fc.record({ name: text, arguments: text }, { noNullPrototype: true })),
    status: fc.constantFrom('done' as const, 'stopped' as const, 'failed' as const),
    cut: fc.constant('length' as const),
    stats: fc.record({ tokens: count, tokensPerSecond: count, firstTokenMs: count, model: text }, { noNullPrototype: true }),
    error: fc.record(
      {
        code: fc.constantFrom(...errorCodes),
        message: text,
        data: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(text, count), { maxKeys: 2, noNullPrototype: true }),
      },
      { noNullPrototype: true },
    ),
  },
  ['id', 'question', 'files', 'answer', 'toolCalls', 'status'],
);

export const turns = fc.uniqueArray(turn, { maxLength: 3, selector: ({ id }) => id });
