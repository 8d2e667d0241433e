import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PonderError } from '../../../src/base/errors.ts';
import type { Turn } from '../../../src/chat/conversation.ts';
import { transcriptFolds } from '../../../src/chat/transcript-folding.ts';
import { exportTranscript, importTranscript, type Transcript } from '../../../src/chat/transcript.ts';
import { text, turns } from './arbitrary-conversation.ts';

const turn: Turn = {
  id: 'b7c1',
  question: 'How do I sum a list?',
  files: [{ path: 'src/sum.ts', content: 'export const sum = 0;\n' }],
  thought: { text: 'The user wants a sum.\n\nReduce will do.', tokens: 12, ms: 2340, budget: 4096, endedBy: 'model', steps: [{ start: 0, ms: 0 }] },
  answer: 'Use `reduce`:\n\n```ts\nlist.reduce((a, b) => a + b, 0);\n```',
  toolCalls: [{ name: 'read_file', arguments: '{"path":"src/sum.ts"}' }],
  status: 'done',
  stats: { tokens: 42, tokensPerSecond: 10.52, firstTokenMs: 812, model: 'Qwen3-4B' },
};

const golden = `<!-- ponder:transcript 1 -->

# Sums

## You

How do I sum a list?

<details><summary>File <code>src/sum.ts</code></summary>

\`\`\`ts
export const sum = 0;

\`\`\`

</details>

## Ponder

<details><summary>Thought for 2.3 s · 12 tokens</summary>

> The user wants a sum.
>
> Reduce will do.

</details>

Use \`reduce\`:

\`\`\`ts
list.reduce((a, b) => a + b, 0);
\`\`\`

<details><summary>Tool call <code>read_file</code></summary>

\`\`\`json
{"path":"src/sum.ts"}
\`\`\`

</details>

*Qwen3-4B · 42 tokens · 10.5 tokens/s · first token after 0.8 s* <!-- ponder:turn {"id":"b7c1","status":"done","stats":{"tokens":42,"tokensPerSecond":10.52,"firstTokenMs":812,"model":"Qwen3-4B"},"thought":{"tokens":12,"ms":2340,"budget":4096,"endedBy":"model","steps":[{"start":0,"ms":0}]}} -->

`;

function refusal(transcript: string): PonderError {
  try {
    importTranscript(transcript);
  } catch (error) {
    if (error instanceof PonderError) return error;
    throw error;
  }
  throw new Error('The transcript was taken');
}

describe('a transcript', () => {
  it('reads as Markdown', () => {
    expect(exportTranscript({ title: 'Sums', turns: [turn] })).toBe(golden);
  });

  it('is read back as it was written', () => {
    expect(importTranscript(golden)).toStrictEqual({ title: 'Sums', turns: [turn] });
  });

  it('keeps whatever was said', () => {
    fc.assert(
      fc.property(text, turns, (title, said) => {
        expect(importTranscript(exportTranscript({ title, turns: said }))).toStrictEqual({ title, turns: said });
      }),
      { numRuns: 1500 },
    );
  });

  it('keeps line ends of its own while texts have others', () => {
    const said = { ...turn, question: 'one\r\ntwo\r\n', answer: '\r' };
    expect(importTranscript(exportTranscript({ title: '', turns: [said] })).turns).toStrictEqual([said]);
  });

  it('closes a code fence that an answer leaves open, and opens it again', () => {
    const said = { ...turn, answer: 'So:\n\n~~~~js\nlet a' };
    const written = exportTranscript({ title: '', turns: [said] });
    expect(written).toContain('let a\n~~~~\n');
    expect(importTranscript(written).turns[0]?.answer).toBe(said.answer);
  });

  it('puts nothing into its comments that ends them', () => {
    const written = exportTranscript({ title: '', turns: [{ ...turn, id: '--> <script>' }] });
    expect(written.match(/-->/g)).toHaveLength(2);
    expect(importTranscript(written).turns[0]?.id).toBe('--> <script>');
  });
});

describe('a transcript edited by hand', () => {
  const edited = (change: (transcript: string) => string): Transcript => importTranscript(change(golden));

  it('takes a changed answer', () => {
    expect(edited((whole) => whole.replace('Use `reduce`:', 'Use a loop.\n\n- really')).turns[0]?.answer).toMatch(/^Use a loop\.\n\n- really\n/);
  });

  it('reads a document whose line ends were all changed', () => {
    expect(edited((whole) => whole.replaceAll('\n', '\r\n'))).toStrictEqual({ title: 'Sums', turns: [turn] });
  });

  it('does without a thought, words and comments', () => {
    const { title, turns: read } = importTranscript('## You\nHi\n## Ponder\nHello.\n\n## You\n\nAnd?');
    const plain = { files: [], toolCalls: [] };
    expect(title).toBe('');
    expect(read).toStrictEqual([
      { ...plain, id: 'turn-1', question: 'Hi', answer: 'Hello.', status: 'done' },
      { ...plain, id: 'turn-2', question: 'And?', answer: '', status: 'stopped' },
    ]);
  });

  it('keeps a remark written behind a turn', () => {
    expect(edited((whole) => `${whole}By the way.\n`).turns[0]?.answer).toMatch(/```\n\nBy the way\.$/);
  });

  it('gives a copied turn an id of its own', () => {
    const { turns: read } = edited((whole) => whole + whole.slice(whole.indexOf('## You')));
    expect(read.map(({ id }) => id)).toEqual(['b7c1', 'turn-2']);
  });

  it('takes a thought without its quote marks', () => {
    const { turns: read } = edited((whole) => whole.replace('> The user wants a sum.', 'They want a sum.'));
    expect(read[0]?.thought?.text).toBe('They want a sum.\n\nReduce will do.');
  });

  it('does not stumble over an error code it does not know', () => {
    const { turns: read } = edited((whole) => whole.replace('"status":"done"', '"status":"failed","error":{"code":"brand-new","message":"","data":{}}'));
    expect(read[0]).toMatchObject({ status: 'failed', answer: turn.answer });
  });
});

describe('what is not a transcript', () => {
  it.each([
    ['nothing', '', 1],
    ['other text', 'Dear diary', 1],
    ['text before the first question', '# A\n\nnote\n\n## You\n', 3],
    ['an answer without a question', '# A\n\n## Ponder\n', 3],
    ['two answers', '## You\n## Ponder\n## Ponder\n', 3],
    ['a block that does not end', '## You\n\n<details><summary>File <code>a</code></summary>\n\n```\n', 3],
    ['text within a file', '## You\n<details><summary>File</summary>\nx\n```\n```\n</details>\n', 2],
    ['a thought within a question', '## You\n<details><summary>Thought</summary>\n</details>\n', 2],
    ['a file within an answer', '## You\n## Ponder\n<details><summary>File</summary>\n```\n```\n</details>\n', 3],
    ['a cut comment', '## You\n## Ponder\n<!-- ponder:turn {"id"', 3],
    ['a comment with other contents', '## You\n## Ponder\n<!-- ponder:turn {"status":"great"} -->', 3],
    ['two ends of a turn', '## You\n<!-- ponder:turn {"status":"done"} -->\n<!-- ponder:turn {"status":"done"} -->', 3],
    ['a newer format', '<!-- ponder:transcript 2 -->\n\n## You\n', 1],
    ['two transcripts', `${golden}${golden}`, golden.split('\n').length],
  ])('refuses %s', (_, transcript, line) => {
    const { code, data } = refusal(transcript);
    expect({ code, data }).toEqual({ code: 'transcript-invalid', data: { line } });
  });

  it('never makes it crash', () => {
    const whole = fc.tuple(text, turns).map(([title, said]) => exportTranscript({ title, turns: said }));
    const half = fc.tuple(whole, fc.nat(1000)).map(([written, share]) => written.slice(0, (written.length * share) / 1000));
    fc.assert(
      fc.property(fc.oneof(half, text, fc.array(text).map((texts) => texts.join('\n## You\n'))), (garbage) => {
        try {
          importTranscript(garbage);
        } catch (error) {
          expect(error).toMatchObject({ code: 'transcript-invalid' });
        }
        expect(() => transcriptFolds(garbage)).not.toThrow();
      }),
      { numRuns: 1500 },
    );
  });

  it('is refused in good time, however long', () => {
    const length = 300_000;
    for (const unit of ['`', '\\', '* ', '\n', '<details><summary>Thought</summary>\n', '## You\n```\n', 'x']) {
      const huge = `## You\n${unit.repeat(length / unit.length)}`;
      expect(importOrCode(huge)).toBeDefined();
      expect(importTranscript(exportTranscript({ title: huge, turns: [{ ...turn, answer: huge }] })).turns[0]?.answer).toBe(huge);
    }
  }, 60_000);
});

function importOrCode(transcript: string): unknown {
  try {
    return importTranscript(transcript).turns.length;
  } catch (error) {
    return error instanceof PonderError ? error.code : undefined;
  }
}

describe('folding', () => {
  const lineOf = (start: string): number => golden.split('\n').findIndex((line) => line.startsWith(start));

  it('folds turns, answers, thoughts, files and tool calls', () => {
    const end = lineOf('*Qwen3');
    const ends = golden.split('\n').flatMap((line, at) => (line === '</details>' ? [at] : []));
    expect(transcriptFolds(golden)).toEqual([
      { kind: 'file', start: lineOf('<details><summary>File'), end: ends[0] },
      { kind: 'thought', start: lineOf('<details><summary>Thought'), end: ends[1] },
      { kind: 'tool', start: lineOf('<details><summary>Tool'), end: ends[2] },
      { kind: 'turn', start: lineOf('## You'), end },
      { kind: 'answer', start: lineOf('## Ponder'), end },
    ]);
  });

  it('keeps folding around a block that is being written', () => {
    const folds = transcriptFolds('## You\na\n<details><summary>File</summary>\n\n## Ponder\nb\n\n\n## You\nc');
    expect(folds).toEqual([
      { kind: 'turn', start: 0, end: 5 },
      { kind: 'answer', start: 4, end: 5 },
      { kind: 'turn', start: 8, end: 9 },
    ]);
  });
});
