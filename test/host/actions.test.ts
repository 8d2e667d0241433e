/** What actions are about, what they ask of the model, and where they are offered. */
import { strict as assert } from 'node:assert';
import { chmodSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Attachment } from '../../src/context/attachment.ts';
import type { ContextItem, Given } from '../../src/context/item.ts';
import { ReadableFiles } from '../../src/context/vscode/readable-files.ts';
import { TokenCounts } from '../../src/context/token-counts.ts';
import { FakeBackend } from '../../src/backends/fake.ts';
import { refactorInstruction } from '../../src/actions/instructions.ts';
import type { Target } from '../../src/actions/target.ts';
import { codeCommands, type CodeCommand } from '../../src/actions/vscode/code-commands.ts';
import type { Edit } from '../../src/actions/vscode/edit-flow.ts';
import { findTarget, type Place } from '../../src/actions/vscode/find-target.ts';
import { knowledgeOf } from '../../src/actions/vscode/knowledge.ts';
import { refactorItems } from '../../src/actions/vscode/refactor-menu.ts';
import { Files, Messages, until } from './support/actions.ts';

const cart = `import { price, type Item } from './price';

/** All of it. */
export function total(items: readonly Item[]): number {
  const rates = [1, 2];

  return items.reduce((sum, item) => sum + price(item), rates[0] ?? 0);
}

export class Cart {
  readonly items: Item[] = [];

  add(item: Item): void {
    this.items.push(item);
  }
}

export function all(items: readonly Item[]): number[] {
  return items.map((item) => {
    return item.cost;
  });
}
`;
const price = `export interface Item {
  readonly cost: number;
}

/** With tax. */
export function price(item: Item): number {
  return item.cost * 1.2;
}
`;

describe('actions on code', () => {
  const files = new Files('acted');
  let messages: Messages;
  let problems: vscode.DiagnosticCollection;

  before(() => {
    files.write('cart.ts', cart);
    files.write('price.ts', price);
    files.write('plain.txt', 'def total(items):\n    return sum(items)\n\nx = 1\n');
    files.write('small.txt', 'one\ntwo\n');
    files.write('large.txt', 'line\n'.repeat(300));
    files.write('empty.ts', ' \n\n');
    files.write('.env', 'KEY=1\n');
  });
  beforeEach(() => {
    messages = new Messages();
    problems = vscode.languages.createDiagnosticCollection('acted');
  });
  afterEach(async () => {
    messages.restore();
    problems.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(() => files.dispose());

  const problem = (uri: vscode.Uri, at: string, message: string, severity = vscode.DiagnosticSeverity.Error): vscode.Diagnostic => {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    assert.ok(document);
    const start = document.positionAt(document.getText().indexOf(at));
    return new vscode.Diagnostic(new vscode.Range(start, start.translate(0, at.length)), message, severity);
  };
  const linesOf = ({ target: { start, end } }: Place): [number, number] => [start + 1, end];
  const place = async (): Promise<Place> => {
    const found = await findTarget({});
    assert.ok('target' in found, JSON.stringify(found));
    return found;
  };
  /** The language service may just be starting. */
  const named = (name: string): Promise<Place> =>
    until(name, async () => {
      const found = await place();
      return found.target.symbol === name && found;
    });

  describe('are about', () => {
    it('the function around the caret, with its comment', async function () {
      this.timeout(60_000);
      await files.show('cart.ts', 'reduce');
      const found = await named('function total');
      assert.deepEqual(linesOf(found), [3, 8]);
      assert.equal(found.label, 'function total (lines 3–8)');
      assert.equal(found.target.path, 'acted/cart.ts');
      assert.equal(found.target.lines.join('\n'), cart);
    });

    for (const [at, symbol, lines] of [
      ['item.cost;', 'function all', [18, 22]],
      ['rates = ', 'function total', [3, 8]],
      ['/** All', 'function total', [3, 8]],
      ['this.items', 'method add', [13, 15]],
      ['readonly items: Item[] = ', 'class Cart', [10, 16]],
    ] as const) {
      it(`${symbol} at "${at}"`, async () => {
        await files.show('cart.ts', at);
        assert.deepEqual(linesOf(await named(symbol)), lines);
      });
    }

    it('the selected lines, whole, without one that is not touched', async () => {
      const editor = await files.show('cart.ts', 'const rates');
      editor.selection = new vscode.Selection(4, 4, 6, 0);
      const found = await place();
      assert.deepEqual(linesOf(found), [5, 6]);
      assert.equal(found.selected, true);
      assert.equal(found.label, 'lines 5–6');
    });

    it('the block by indentation where there are no symbols', async () => {
      await files.show('plain.txt', 'return');
      const found = await place();
      assert.deepEqual(linesOf(found), [1, 2]);
      assert.equal(found.target.symbol, undefined);
    });

    it('all of a small file, and nothing in a large one', async () => {
      await files.show('small.txt', 'two');
      assert.deepEqual(linesOf(await place()), [1, 3]);
      await files.show('large.txt');
      assert.match(JSON.stringify(await findTarget({})), /Select the lines/);
    });

    it('nothing in an empty file, in documents of others, and without an editor', async () => {
      await files.show('empty.ts');
      assert.deepEqual(await findTarget({}), { problem: 'This file is empty.' });
      const provider = vscode.workspace.registerTextDocumentContentProvider('acted-test', { provideTextDocumentContent: () => 'text' });
      try {
        await vscode.window.showTextDocument(vscode.Uri.from({ scheme: 'acted-test', path: files.uri('a.ts').path }));
        assert.match(JSON.stringify(await findTarget({})), /Open a file/);
      } finally {
        provider.dispose();
      }
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      assert.match(JSON.stringify(await findTarget({})), /Open a file/);
    });

    it('a selection of 5,000 lines', async () => {
      files.write('huge.txt', 'line\n'.repeat(5000));
      const editor = await files.show('huge.txt');
      editor.selection = new vscode.Selection(0, 0, 5000, 0);
      assert.deepEqual(linesOf(await place()), [1, 5000]);
    });
  });

  describe('ask', () => {
    let edits: Edit[];
    let questions: { readonly question: string; readonly given: Given }[];
    let attached: Attachment[];
    let shown: Place[];
    let known: ContextItem[];
    let readable: ReadableFiles;
    let run: (command: CodeCommand, argument?: unknown) => Promise<void>;

    beforeEach(() => {
      [edits, questions, attached, shown, known] = [[], [], [], [], []];
      readable = new ReadableFiles();
      const commands = codeCommands({
        flow: { run: (edit) => Promise.resolve(void edits.push(edit)), stop: () => Promise.resolve() },
        files: readable,
        knowledge: () => Promise.resolve(known),
        show: (each) => {
          shown.push(each);
        },
        ask: (question, given) => Promise.resolve(void questions.push({ question, given })),
        attach: (more) => Promise.resolve(void attached.push(...more)),
      });
      run = async (command, argument) => {
        await commands[command](argument);
      };
    });
    afterEach(() => readable.dispose());

    it('to explain the code, with what is known of it', async () => {
      known = [{ kind: 'notes', path: 'acted/plain.txt', content: 'sum: int' }];
      await files.show('plain.txt', 'return');
      await run('ponder.explain');
      const [asked] = questions;
      assert.match(asked?.question ?? '', /^Explain lines 1-2 in acted\/plain\.txt\./);
      assert.deepEqual(asked?.given.items, [{ kind: 'selection', path: 'acted/plain.txt', content: 'def total(items):\n    return sum(items)', lines: { start: 1, end: 2 } }]);
      assert.deepEqual(asked.given.automatic, known);
      assert.equal(shown.length, 1);
    });

    it('to refactor as typed, or as a preset says', async () => {
      await files.show('plain.txt', 'return');
      await run('ponder.refactor', { instruction: 'rename sum to add' });
      await run('ponder.refactor', { instruction: 'Simplify' });
      assert.deepEqual(edits.map(({ instruction }) => instruction), ['rename sum to add', refactorInstruction('simplify')]);
      assert.deepEqual(edits.map(({ title }) => title), ['Refactor: rename sum to add', 'Refactor: Simplify']);
      assert.deepEqual(edits.map(({ progress }) => progress), Array(2).fill('Refactoring lines 1–2'));
    });

    it('to refactor as chosen from a list, what is typed on top', async () => {
      assert.equal(refactorItems('  do it ')[0]?.label, '$(edit) Do: do it');
      assert.equal(refactorItems('')[0]?.refactoring?.instruction, refactorInstruction('extract'));
      await files.show('plain.txt', 'return');
      const done = run('ponder.refactor');
      await until('an edit', async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return edits.length > 0;
      });
      await done;
      assert.deepEqual(edits.map(({ instruction }) => instruction), [refactorInstruction('extract')]);
    });

    it('to fix the problems at the caret, in all that they touch', async () => {
      const { document } = await files.show('plain.txt', 'sum(');
      problems.set(document.uri, [problem(document.uri, 'sum', 'No such name'), problem(document.uri, 'x = 1', 'Elsewhere')]);
      await run('ponder.fix');
      assert.match(edits[0]?.instruction ?? '', /\n\nacted\/plain\.txt:2:12: error: No such name$/);
      assert.equal(edits[0]?.title, 'Fix: No such name');
      // What a code action hands over.
      await run('ponder.fix', { uri: document.uri, range: new vscode.Range(0, 0, 3, 5) });
      assert.match(edits[1]?.instruction ?? '', /No such name\nacted\/plain\.txt:4:1: error: Elsewhere$/);
      assert.deepEqual([edits[1]?.target.start, edits[1]?.target.end], [0, 4]);
    });

    it('to fix those in the selection, or else in what the caret stands in', async () => {
      const { document } = await files.show('plain.txt', 'x = 1', { select: true });
      problems.set(document.uri, [problem(document.uri, 'sum', 'No such name', vscode.DiagnosticSeverity.Warning), problem(document.uri, 'x', 'Odd')]);
      await run('ponder.fix');
      assert.match(edits[0]?.instruction ?? '', /\n\nacted\/plain\.txt:4:1: error: Odd$/);
      assert.deepEqual([edits[0]?.target.start, edits[0]?.target.end], [3, 4]);
      await files.show('plain.txt', 'def');
      await run('ponder.fix');
      assert.match(edits[1]?.instruction ?? '', /\n\nacted\/plain\.txt:2:12: warning: No such name$/);
    });

    it('nothing to be fixed where nothing is wrong: to refactor is offered', async () => {
      const { document } = await files.show('plain.txt', 'return');
      problems.set(document.uri, [problem(document.uri, 'sum', 'Unused', vscode.DiagnosticSeverity.Hint)]);
      await run('ponder.fix');
      assert.deepEqual(messages.seen, [{ text: 'There are no errors or warnings in lines 1–2.', buttons: ['Refactor…'] }]);
      assert.deepEqual(edits, []);
      messages.answers = { 'no errors': 'Refactor…' };
      await run('ponder.fix', { instruction: 'simplify' });
      assert.deepEqual(edits.map(({ title }) => title), ['Refactor: Simplify']);
    });

    it('for comments, and for what else is said', async () => {
      await files.show('plain.txt', 'return');
      await run('ponder.document', { instruction: 'in German' });
      assert.match(edits[0]?.instruction ?? '', /^Write a documentation comment[^\n]*\n\nin German$/);
    });

    it('for tests in a new file, or in the one that is there', async () => {
      await files.show('plain.txt', 'return');
      await run('ponder.writeTests');
      const [fresh] = edits;
      assert.equal(fresh?.target.path, 'acted/plain.test.txt');
      assert.deepEqual([fresh.target.lines, fresh.target.start, fresh.target.end], [[], 0, 0]);
      assert.equal(fresh.items.at(-1)?.content, 'def total(items):\n    return sum(items)');
      files.write('plain.test.txt', 'old\n');
      await run('ponder.writeTests');
      assert.deepEqual(edits[1]?.target.lines, ['old', '']);
      assert.match(edits[1].instruction, /Keep the tests that are there/);
    });

    it('in the composer, with the code as a chip', async () => {
      await files.show('plain.txt', 'return');
      await run('ponder.askAboutSelection');
      await files.show('small.txt');
      await run('ponder.askAboutSelection');
      assert.deepEqual(attached.map(({ kind }) => kind), ['selection', 'file']);
    });

    it('to explain the problem at the caret', async () => {
      const { document } = await files.show('plain.txt', 'sum(');
      await run('ponder.explainProblem');
      assert.deepEqual(messages.texts, ['There is no error or warning at the caret.']);
      problems.set(document.uri, [problem(document.uri, 'sum', 'No such name')]);
      await run('ponder.explainProblem');
      assert.equal(questions[0]?.question, 'Explain this problem in acted/plain.txt, line 2, and how to solve it:\n\nerror: No such name');
      assert.deepEqual(questions[0].given.items[0]?.lines, { start: 1, end: 2 });
    });

    it('nothing of a file that is read-only', async () => {
      const uri = files.write('locked.txt', 'def a():\n    b()\n');
      chmodSync(uri.fsPath, 0o444);
      await files.show('locked.txt', 'b()');
      for (const command of ['ponder.refactor', 'ponder.fix', 'ponder.document'] as const) await run(command, { instruction: 'x' });
      assert.deepEqual(messages.texts, Array(3).fill('acted/locked.txt cannot be changed: it is read-only.'));
      assert.deepEqual(edits, []);
      await run('ponder.explain');
      assert.equal(questions.length, 1);
      chmodSync(uri.fsPath, 0o644);
      const setting = vscode.workspace.getConfiguration('files', uri);
      await setting.update('readonlyInclude', { '**/locked.*': true }, vscode.ConfigurationTarget.Workspace);
      try {
        await run('ponder.document');
        assert.equal(messages.texts.length, 4);
        assert.deepEqual(edits, []);
      } finally {
        await setting.update('readonlyInclude', undefined, vscode.ConfigurationTarget.Workspace);
      }
      await run('ponder.document');
      assert.equal(edits.length, 1);
    });

    it('for leave to read what looks secret', async () => {
      await files.show('.env');
      await run('ponder.explain');
      assert.deepEqual(messages.seen, [{ text: '.env looks as if it held secrets.', buttons: ['Read anyway'] }]);
      assert.deepEqual(questions, []);
      messages.answers = { secrets: 'Read anyway' };
      await run('ponder.explain');
      assert.equal(questions.length, 1);
    });
  });

  describe('know', () => {
    const readable = new ReadableFiles();
    after(() => readable.dispose());
    const look = (target: Target, tokens: number, ms = 5000): Promise<ContextItem[]> => {
      const backend = new FakeBackend();
      return knowledgeOf(target, { tokens, ms }, { backend, counts: new TokenCounts(backend), files: readable });
    };

    it('problems, definitions of what is used, and types', async function () {
      this.timeout(60_000);
      const { document } = await files.show('cart.ts', 'reduce');
      problems.set(document.uri, [problem(document.uri, 'rates', 'Odd', vscode.DiagnosticSeverity.Warning), problem(document.uri, 'Cart', 'Elsewhere')]);
      const { target } = await named('function total');
      const items = await until('definitions', async () => {
        const found = await look(target, 2000);
        return found.some(({ content }) => content.includes('With tax')) && found;
      });
      assert.deepEqual(items[0], { kind: 'problems', path: 'acted/cart.ts', content: 'acted/cart.ts:5:9: warning: Odd\n' });
      const definition = items.find(({ content }) => content.includes('With tax'));
      assert.deepEqual(definition, { kind: 'symbol', path: 'acted/price.ts', content: price.split('\n').slice(4, 8).join('\n'), lines: { start: 5, end: 8 } });
      const notes = items.find(({ kind }) => kind === 'notes');
      assert.match(notes?.content ?? '', /^reduce: .*Array/m);
      assert.doesNotMatch(notes?.content ?? '', /^price:/m);
      assert.ok(items.every((item) => !item.path.includes('node_modules')));
    });

    it('no more than there is room for', async () => {
      await files.show('cart.ts', 'reduce');
      const { target } = await named('function total');
      const items = await look(target, 40);
      assert.ok(items.length < (await look(target, 2000)).length);
      assert.deepEqual(await look(target, 0), []);
    });

    it('nothing that comes too late', async () => {
      await files.show('cart.ts', 'reduce');
      const { target } = await named('function total');
      const slow = vscode.languages.registerHoverProvider({ pattern: '**/cart.ts' }, { provideHover: () => new Promise(() => undefined) });
      const slower = vscode.languages.registerDefinitionProvider({ pattern: '**/cart.ts' }, { provideDefinition: () => new Promise(() => undefined) });
      try {
        assert.deepEqual(await look(target, 2000, 200), []);
      } finally {
        slow.dispose();
        slower.dispose();
      }
    });

    it('nothing of other files in a workspace that is not trusted', async () => {
      await files.show('cart.ts', 'reduce');
      const { target } = await named('function total');
      const own = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
      assert.ok(own);
      Object.defineProperty(vscode.workspace, 'isTrusted', { value: false, configurable: true });
      try {
        assert.ok((await look(target, 2000)).every((item) => item.path === 'acted/cart.ts'));
      } finally {
        Object.defineProperty(vscode.workspace, 'isTrusted', own);
      }
    });
  });
});
