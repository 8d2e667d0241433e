/** Actions as they are reached: commands of the real extension, the lightbulb, keys. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { writeSetting, readSettings } from '../../src/host/settings.ts';
import { Files, Messages, pause, until } from './support/actions.ts';

interface Binding {
  readonly key: string;
  readonly command: string;
  readonly when?: string;
}

describe('commands about code', () => {
  const files = new Files('commanded');
  let messages: Messages;
  let titles: string[];
  const own = Object.getOwnPropertyDescriptor(vscode.window, 'withProgress');

  before(() => {
    files.write('plain.txt', 'def total(items):\n    return sum(items)\n');
  });
  beforeEach(() => {
    messages = new Messages();
    titles = [];
    // An edit is stopped as soon as it has begun.
    Object.defineProperty(vscode.window, 'withProgress', {
      configurable: true,
      value: (options: vscode.ProgressOptions, task: (progress: vscode.Progress<unknown>, token: vscode.CancellationToken) => Promise<unknown>) => {
        titles.push(options.title ?? '');
        const source = new vscode.CancellationTokenSource();
        source.cancel();
        return task({ report: () => undefined }, source.token);
      },
    });
  });
  afterEach(async () => {
    if (own) Object.defineProperty(vscode.window, 'withProgress', own);
    messages.restore();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(() => files.dispose());

  for (const [command, title] of [
    ['ponder.refactor', 'Refactoring lines 1–2'],
    ['ponder.document', 'Documenting lines 1–2'],
    ['ponder.writeTests', 'Writing tests for lines 1–2'],
    ['ponder.fix', 'Fixing lines 1–2'],
  ] as const) {
    it(`${command} begins an edit`, async () => {
      const problems = vscode.languages.createDiagnosticCollection('commanded');
      try {
        const { document } = await files.show('plain.txt', 'sum');
        const before = document.getText();
        problems.set(document.uri, [new vscode.Diagnostic(new vscode.Range(1, 11, 1, 14), 'No such name')]);
        await vscode.commands.executeCommand(command, { instruction: 'simplify' });
        assert.deepEqual(titles, [title]);
        assert.equal(document.getText(), before);
        assert.equal(document.isDirty, false);
      } finally {
        problems.dispose();
      }
    });
  }

  for (const command of ['ponder.explain', 'ponder.refactor', 'ponder.fix', 'ponder.document', 'ponder.writeTests', 'ponder.askAboutSelection'] as const) {
    it(`${command} says what it needs where no file is open`, async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand(command);
      assert.deepEqual(messages.texts, ['Open a file, and put the caret into the code that you mean.']);
      assert.deepEqual(titles, []);
    });
  }

  it('ponder.explainProblem says that there is none', async () => {
    await files.show('plain.txt', 'sum');
    await vscode.commands.executeCommand('ponder.explainProblem');
    assert.deepEqual(messages.texts, ['There is no error or warning at the caret.']);
  });

  it('ponder.stopEdit does nothing while nothing is written', async () => {
    await vscode.commands.executeCommand('ponder.stopEdit');
    assert.deepEqual(messages.texts, []);
  });

  it('ponder.explain asks in the chat', async () => {
    await vscode.commands.executeCommand('ponder.newConversation');
    await files.show('plain.txt', 'sum');
    let ended = false;
    const asked = Promise.resolve(vscode.commands.executeCommand('ponder.explain')).finally(() => (ended = true));
    // The demonstration model would go on for long.
    await until('the end', async () => {
      await vscode.commands.executeCommand('ponder.stop');
      return ended;
    });
    await asked;
    await vscode.commands.executeCommand('ponder.exportConversation');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /Explain lines 1-2 in commanded\/plain\.txt\./);
    assert.match(text, /return sum\(items\)/);
    await vscode.commands.executeCommand('ponder.newConversation');
  });

  it('without a model they offer to choose one', async () => {
    const chosen = readSettings()['model.path'];
    await writeSetting('model.path', '');
    try {
      if (own) Object.defineProperty(vscode.window, 'withProgress', own);
      await until('no model', () => readSettings()['model.path'] === '');
      await files.show('plain.txt', 'sum');
      await vscode.commands.executeCommand('ponder.document');
      await until('the message', () => messages.seen.length > 0);
      assert.deepEqual(messages.seen, [{ text: 'No model is chosen yet', buttons: ['Choose a model…'] }]);
    } finally {
      await writeSetting('model.path', chosen);
      await until('the model', () => readSettings()['model.path'] === chosen);
    }
  });
});

describe('code actions', () => {
  const files = new Files('lit');
  const problems = vscode.languages.createDiagnosticCollection('lit');
  const { QuickFix, Refactor, RefactorRewrite, RefactorExtract } = vscode.CodeActionKind;

  before(() => {
    files.write('a.txt', 'one\ntwo\n');
  });
  afterEach(async () => {
    problems.clear();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(() => {
    problems.dispose();
    files.dispose();
  });

  const ours = async (uri: vscode.Uri, range: vscode.Range, only?: vscode.CodeActionKind): Promise<vscode.CodeAction[]> => {
    const all = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, range, only?.value);
    return all.filter(({ title }) => title.includes('with Ponder'));
  };
  const titles = async (...asked: Parameters<typeof ours>): Promise<string[]> => (await ours(...asked)).map(({ title }) => title);
  const line = new vscode.Range(0, 0, 0, 3);
  const caret = new vscode.Range(0, 1, 0, 1);
  const show = async (severity = vscode.DiagnosticSeverity.Error): Promise<vscode.Uri> => {
    const { document } = await files.show('a.txt');
    problems.set(document.uri, [new vscode.Diagnostic(line, 'Odd', severity)]);
    return document.uri;
  };

  it('on a problem fix and explain it', async () => {
    assert.deepEqual(await titles(await show(), caret), ['Fix with Ponder', 'Explain with Ponder']);
    assert.deepEqual(await titles(await show(vscode.DiagnosticSeverity.Hint), caret), []);
  });

  it('on a selection refactor it', async () => {
    const { document } = await files.show('a.txt');
    assert.deepEqual(await titles(document.uri, line), ['Refactor with Ponder…']);
    assert.deepEqual(await titles(document.uri, caret), []);
  });

  for (const [only, wanted] of [
    [QuickFix, ['Fix with Ponder', 'Explain with Ponder']],
    [QuickFix.append('ponder.explain'), ['Explain with Ponder']],
    [Refactor, ['Refactor with Ponder…']],
    [RefactorRewrite, ['Refactor with Ponder…']],
    [RefactorExtract, []],
    [vscode.CodeActionKind.SourceOrganizeImports, []],
  ] as const) {
    it(`where only ${only.value} is wanted are ${wanted.length === 0 ? 'none' : wanted.join(', ')}`, async () => {
      assert.deepEqual(await titles(await show(), line, only), wanted);
    });
  }

  it('hold a place and nothing else', async () => {
    const uri = await show();
    for (const action of await ours(uri, line)) {
      assert.equal(action.edit, undefined);
      const [argument] = (action.command?.arguments ?? []) as [Record<string, unknown>?];
      assert.deepEqual(Object.keys(argument ?? {}).sort(), ['range', 'uri'], action.title);
    }
  });

  it('are not offered in documents that are none of the user\'s', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('lit-test', { provideTextDocumentContent: () => 'one\n' });
    try {
      const uri = vscode.Uri.from({ scheme: 'lit-test', path: files.uri('a.txt').path });
      await vscode.window.showTextDocument(uri);
      problems.set(uri, [new vscode.Diagnostic(line, 'Odd')]);
      await pause(100);
      assert.deepEqual(await titles(uri, line), []);
    } finally {
      provider.dispose();
    }
  });
});

describe('default keys', () => {
  /** What is so wherever one of our keys counts: an editor of text has the focus. */
  const facts: Readonly<Record<string, boolean>> = { editorTextFocus: true, editorFocus: true, textInputFocus: true, inputFocus: true };

  /** What holds only while the focus is elsewhere, in an editor of another kind, or over a document that can be changed. */
  const elsewhere =
    /^(?:false|in(?:Chat|ChatInput|QuickInput|SearchEditor)|is\w*Notebook|isMergeEditor|terminalChat\w*|chat(?:InputHasText|AttachmentResource|Has\w+)|hasUndecidedChatEditingResource|inlineChatVisible|codeActionMenuVisible|renameInputVisible|breadcrumbsActive|accessibleView\w*|refactorPreview\..*|scmRepository)$/;
  /** Our keys for the next and the previous change are VS Code's own, and mean the same. */
  const same = /(?:next|previous)Change$|goTo(?:Next|Previous)Change$|navigate(?:Next|Previous)$/i;

  it('of VS Code and of Ponder do not meet', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('vscode://defaultsettings/keybindings.json'));
    const json = document.getText().replace(/^\s*\/\/.*$/gm, '').replace(/,(\s*\])/g, '$1');
    const all = JSON.parse(json) as Binding[];
    assert.ok(all.length > 300, String(all.length));
    const mine = all.filter(({ command, key }) => command.startsWith('ponder.') && key !== 'escape');
    assert.ok(mine.length >= 10, JSON.stringify(mine));
    const clashes = mine.flatMap((own) =>
      all
        .filter(({ command }) => !command.startsWith('ponder.'))
        .filter((other) => meets(own.key, other.key) && couldHold(own, other))
        .filter((other) => !/ponder\.(?:next|previous)Hunk/.test(own.command) || !same.test(other.command))
        .map((other) => `${own.key} (${own.command}) and ${other.key} (${other.command}, ${other.when ?? 'always'})`),
    );
    assert.deepEqual(clashes, []);
  });

  /** The same keys, or one begins with the other. */
  function meets(a: string, b: string): boolean {
    return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
  }

  /** Whether the other's condition can be true where ours is. */
  function couldHold(own: Binding, other: Binding): boolean {
    const review = own.when?.includes("resourceScheme == 'ponder-review'") ?? false;
    const known: Readonly<Record<string, boolean | undefined>> = { ...facts, editorReadonly: review ? true : own.when?.includes('!editorReadonly') ? false : undefined };
    return (other.when ?? '').split('||').some((all) => all.split('&&').every((term) => possible(term.trim(), known)));
  }

  function possible(term: string, known: Readonly<Record<string, boolean | undefined>>): boolean {
    if (/^(?:activeEditor|focusedView) == /.test(term)) return false;
    const [, not, key] = /^(!?)([\w.:-]+)$/.exec(term) ?? [];
    if (key === undefined) return true;
    // The focus is in one place.
    const value = known[key] ?? (/(?:Focus|Focused|Focussed)$/.test(key) || elsewhere.test(key) ? false : undefined);
    return value === undefined || value === (not === '');
  }
});
