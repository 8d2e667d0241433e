/** The extension through VS Code's own API. */
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { commandIds, transcriptLanguage } from '../../src/host/manifest.ts';
import { readSettings, writeSetting } from '../../src/host/settings.ts';

const id = 'ponder.ponder';

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension<unknown>(id);
  assert.ok(found, `${id} is not installed`);
  return found;
}

describe('activation', () => {
  it('comes with the first command, and registers them all', async () => {
    await vscode.commands.executeCommand('ponder.showLog');
    assert.equal(extension().isActive, true);
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      commandIds.filter((command) => !known.includes(command)),
      [],
    );
  });
});

describe('settings', () => {
  afterEach(async () => {
    await vscode.workspace.getConfiguration('ponder').update('thinking.mode', undefined, vscode.ConfigurationTarget.Global);
    await vscode.workspace.getConfiguration('ponder').update('thinking.budget', undefined, vscode.ConfigurationTarget.Global);
  });

  it('have the manifest\'s defaults', () => {
    const { 'thinking.mode': mode, 'thinking.budget': budget, 'engine.gpu': gpu, 'engine.threads': threads } = readSettings();
    assert.deepEqual({ mode, budget, gpu, threads }, { mode: 'auto', budget: 4096, gpu: 'auto', threads: null });
  });

  it('are written and read back', async () => {
    await writeSetting('thinking.mode', 'off');
    assert.equal(readSettings()['thinking.mode'], 'off');
  });

  it('fall back where a value fits no type', async () => {
    const raw = vscode.workspace.getConfiguration('ponder');
    await raw.update('thinking.mode', 'sometimes', vscode.ConfigurationTarget.Global);
    await raw.update('thinking.budget', 'much', vscode.ConfigurationTarget.Global);
    assert.equal(readSettings()['thinking.mode'], 'auto');
    assert.equal(readSettings()['thinking.budget'], 4096);
  });

  it('of the model cannot come from a workspace', async () => {
    const before = readSettings()['model.path'];
    await assert.rejects(async () => vscode.workspace.getConfiguration('ponder').update('model.path', '/evil.gguf', vscode.ConfigurationTarget.Workspace));
    assert.equal(readSettings()['model.path'], before);
  });
});

describe('commands', () => {
  // None of them may hang or throw where there is nothing to do.
  for (const command of ['ponder.stop', 'ponder.answerNow', 'ponder.unloadModel', 'ponder.copyThought'] as const) {
    it(`${command} does nothing while nothing runs`, async () => {
      await vscode.commands.executeCommand(command);
    });
  }

  it('exporting an empty conversation opens nothing', async () => {
    const before = vscode.workspace.textDocuments.length;
    await vscode.commands.executeCommand('ponder.newConversation');
    void vscode.commands.executeCommand('ponder.exportConversation');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(vscode.workspace.textDocuments.length, before);
  });
});

const transcript = `<!-- ponder:transcript 1 -->

# Sums

## You

How do I sum a list?

## Ponder

<details><summary>Thought for 2.3 s · 12 tokens</summary>

> The user wants a sum.
>
> Reduce will do.

</details>

Use \`reduce\`.
`;

describe('transcripts', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  async function show(content: string): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument({ language: transcriptLanguage, content });
    await vscode.window.showTextDocument(document);
    return document;
  }

  it('fold turns and thoughts', async () => {
    const document = await show(transcript);
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri);
    const thought = folds.find(({ kind }) => kind === vscode.FoldingRangeKind.Comment);
    assert.ok(thought, 'no fold for the thought');
    assert.match(document.lineAt(thought.start).text, /Thought for/);
    assert.ok(folds.some(({ start }) => document.lineAt(start).text === '## You'));
  });

  it('come in and go out again', async () => {
    await show(transcript);
    await vscode.commands.executeCommand('ponder.importTranscript');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('ponder.exportConversation');
    const exported = vscode.window.activeTextEditor?.document;
    assert.equal(exported?.languageId, transcriptLanguage);
    for (const part of ['# Sums', 'How do I sum a list?', '> Reduce will do.', 'Use `reduce`.']) assert.ok(exported.getText().includes(part), part);
  });

  it('that cannot be read change nothing', async () => {
    await show('no transcript at all');
    // The command reports by a message, which nobody closes here.
    void vscode.commands.executeCommand('ponder.importTranscript');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await vscode.commands.executeCommand('ponder.exportConversation');
    const open = vscode.workspace.textDocuments.map((document) => document.getText());
    assert.ok(open.some((text) => text.includes('# Sums')), open.join('\n---\n'));
  });
});
