/** How an edit runs: what is shown of it, and how it ends. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { EditEvent, EditRequest, RunEdit } from '../../src/actions/edit.ts';
import { EditFlow, type Edit } from '../../src/actions/vscode/edit-flow.ts';
import type { OpenReview } from '../../src/actions/vscode/reviews.ts';
import { FakeBackend } from '../../src/backends/fake.ts';
import { PonderError } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/log.ts';
import { errorSentence } from '../../src/chat/error-card.ts';
import { Messages, pause, until } from './support/actions.ts';

const edit: Edit = {
  progress: 'Refactoring',
  title: 'Refactor: it',
  target: { uri: 'untitled:a.ts', path: 'a.ts', languageId: 'typescript', lines: ['a', 'b'], start: 0, end: 1 },
  instruction: 'Do it.',
  items: [{ path: 'b.ts', content: 'b' }],
};

describe('edit flow', () => {
  let messages: Messages;
  let flow: EditFlow;
  /** What reviews were told, in order. */
  let told: string[];
  let answers: string[];
  let requests: EditRequest[];
  let ways: string[];
  /** One a run; the last one stays. A promise is awaited unless the signal aborts, an error thrown. */
  let scripts: readonly (readonly (EditEvent | Error | Promise<void>)[])[];
  let showing: () => Promise<void>;

  const play: RunEdit = async function* (_backend, request, signal) {
    const script = scripts[Math.min(requests.push(request), scripts.length) - 1] ?? [];
    for (const step of script) {
      if (step instanceof Error) throw step;
      if (step instanceof Promise) await Promise.race([step, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      signal.throwIfAborted();
      if (!(step instanceof Promise)) yield step;
    }
  };
  const proposal = (...lines: string[]): EditEvent => ({ type: 'proposal', lines });
  const changed: EditEvent = { type: 'end', changed: true };
  const forever = new Promise<void>(() => undefined);

  beforeEach(() => {
    messages = new Messages();
    [told, answers, requests, ways] = [[], [], [], []];
    showing = () => Promise.resolve();
    flow = new EditFlow({
      backend: new FakeBackend(),
      logger: silentLogger,
      runEdit: play,
      reviews: {
        begin: (title): OpenReview => {
          told.push(`begin ${title}`);
          return {
            propose: async ({ uri, original, proposal: lines }) => {
              await showing();
              told.push(`${uri.path}: ${original?.join() ?? 'new'} > ${lines.join()}`);
            },
            finish: () => void told.push('finish'),
            withdraw: () => Promise.resolve(void told.push('withdraw')),
          };
        },
      },
      rules: () => Promise.resolve([{ path: 'AGENTS.md', content: 'Be brief.' }]),
      showAnswer: (question, answer, files) => Promise.resolve(void answers.push(question, answer, ...files.map((file) => file.path))),
      chooseModel: () => Promise.resolve(ways.push('model') > 0),
      restartEngine: () => Promise.resolve(void ways.push('engine')),
      errorSentence,
    });
  });
  afterEach(() => {
    flow.dispose();
    messages.restore();
  });

  it('shows proposals as they grow, and the end', async () => {
    scripts = [[{ type: 'progress', stage: 'reading', fraction: 0.5 }, proposal('A', 'b'), proposal('A', 'B'), changed]];
    await flow.run(edit);
    assert.deepEqual([told[0], told.at(-2), told.at(-1)], ['begin Refactor: it', 'a.ts: a,b > A,B', 'finish']);
    assert.deepEqual(messages.texts, []);
    assert.equal(flow.isRunning, false);
    assert.deepEqual(requests[0]?.rules.map((rule) => rule.path), ['AGENTS.md']);
    assert.equal(requests[0].thinking, false);
  });

  it('gives rules in trusted workspaces only', async () => {
    scripts = [[changed]];
    const own = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
    assert.ok(own);
    Object.defineProperty(vscode.workspace, 'isTrusted', { value: false, configurable: true });
    try {
      await flow.run(edit);
    } finally {
      Object.defineProperty(vscode.workspace, 'isTrusted', own);
    }
    assert.deepEqual(requests[0]?.rules, []);
  });

  it('is faster than what shows it: what comes meanwhile is passed over, but for the last', async () => {
    scripts = [[proposal('1'), proposal('2'), proposal('3'), proposal('4'), changed]];
    showing = () => pause(50);
    await flow.run(edit);
    assert.deepEqual(told, ['begin Refactor: it', 'a.ts: a,b > 1', 'a.ts: a,b > 4', 'finish']);
  });

  it('proposes a new file as one', async () => {
    scripts = [[proposal('x'), changed]];
    await flow.run({ ...edit, target: { ...edit.target, lines: [], end: 0 } });
    assert.equal(told[1], 'a.ts: new > x');
  });

  it('is taken back when it is stopped, and says nothing', async () => {
    scripts = [[proposal('A', 'b'), forever]];
    const run = flow.run(edit);
    await until('a proposal', () => told.length === 2);
    await flow.stop();
    await run;
    assert.deepEqual(told.slice(1), ['a.ts: a,b > A,b', 'withdraw']);
    assert.deepEqual(messages.texts, []);
  });

  it('is stopped by the notification, which says how far it is', async () => {
    const own = Object.getOwnPropertyDescriptor(vscode.window, 'withProgress');
    assert.ok(own);
    const said: (string | undefined)[] = [];
    const source = new vscode.CancellationTokenSource();
    Object.defineProperty(vscode.window, 'withProgress', {
      configurable: true,
      value: (options: vscode.ProgressOptions, task: (progress: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken) => Promise<unknown>) => {
        said.push(options.title, String(options.cancellable));
        return task({ report: ({ message }) => said.push(message) }, source.token);
      },
    });
    try {
      const stages = [
        { type: 'progress', stage: 'loading' },
        { type: 'progress', stage: 'loading', fraction: 0.4 },
        { type: 'progress', stage: 'reading', fraction: 0.631 },
        { type: 'progress', stage: 'reading', fraction: 0.633 },
        { type: 'progress', stage: 'thinking' },
        { type: 'progress', stage: 'writing' },
      ] as const;
      scripts = [[...stages, forever]];
      const run = flow.run(edit);
      await until('the last stage', () => said.includes('Writing'));
      source.cancel();
      await run;
      assert.deepEqual(said, ['Refactoring', 'true', 'Loading model', 'Loading model 40 %', 'Reading 63 %', 'Thinking', 'Writing']);
      assert.deepEqual(told, []);
    } finally {
      Object.defineProperty(vscode.window, 'withProgress', own);
    }
  });

  it('is one at a time: a second one offers to stop the first', async () => {
    scripts = [[proposal('1'), forever], [proposal('2'), changed]];
    const first = flow.run(edit);
    await until('a proposal', () => told.length === 2);
    await flow.run({ ...edit, title: 'Second' });
    assert.deepEqual(messages.seen, [{ text: 'Ponder is still writing: Refactor: it', buttons: ['Stop it and go on'] }]);
    assert.equal(requests.length, 1);
    assert.equal(flow.isRunning, true);
    messages.answers = { 'still writing': 'Stop it and go on' };
    await flow.run({ ...edit, title: 'Third' });
    await first;
    assert.deepEqual(told.slice(2), ['withdraw', 'begin Third', 'a.ts: a,b > 2', 'finish']);
  });

  it('without a change ends in the chat, with nothing left of it in the editor', async () => {
    scripts = [[proposal('A'), proposal('a', 'b'), { type: 'end', changed: false, answer: 'It is fine.' }]];
    await flow.run(edit);
    await until('the message', () => messages.texts.length > 0);
    assert.equal(told.at(-1), 'withdraw');
    assert.deepEqual(answers, ['Refactor: it', 'It is fine.', 'b.ts']);
    assert.deepEqual(messages.texts, ['No change could be made of the answer. It is in the chat.']);
  });

  it('opens no review to show that nothing has changed', async () => {
    scripts = [[proposal('a', 'b'), { type: 'end', changed: false, answer: '' }]];
    await flow.run(edit);
    await until('the message', () => messages.texts.length > 0);
    assert.deepEqual(told, []);
    assert.deepEqual(answers, []);
  });

  for (const [code, button, way] of [
    ['model-not-chosen', 'Choose a model…', ['model']],
    ['model-missing', 'Choose a model…', ['model']],
    ['engine-unstable', 'Restart engine', ['engine']],
    ['engine-start-failed', 'Restart engine', ['engine']],
    ['engine-crashed', 'Retry', []],
  ] as const) {
    it(`that meets ${code} offers "${button}", and is tried again then`, async () => {
      scripts = [[proposal('A'), new PonderError(code, 'x', { crashes: 3 })], [changed]];
      messages.answers = { '': button };
      await flow.run(edit);
      await until('another try', () => requests.length === 2);
      assert.deepEqual(told.slice(0, 3), ['begin Refactor: it', 'a.ts: a,b > A', 'withdraw']);
      assert.deepEqual(messages.seen, [{ text: errorSentence({ code, message: 'x', data: { crashes: 3 } }), buttons: [button] }]);
      assert.deepEqual(ways, way);
    });
  }

  it('that meets another error says so', async () => {
    scripts = [[new PonderError('prompt-too-long', 'x', { tokens: 9000, window: 8000 })]];
    await flow.run(edit);
    assert.match(messages.texts.join(), /9,000 tokens, and the window has 8,000\. Select less/);
    assert.deepEqual(messages.seen[0]?.buttons, []);
    assert.equal(flow.isRunning, false);
  });

  it('ends where its proposal cannot be shown, as when the document is gone', async () => {
    scripts = [[proposal('A'), pause(20), proposal('B'), forever]];
    showing = () => Promise.reject(new Error('gone'));
    await flow.run(edit);
    assert.deepEqual(told, ['begin Refactor: it', 'withdraw']);
    assert.equal(messages.texts.length, 1);
  });
});
