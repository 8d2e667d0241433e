/** Prompt files, rules and slash commands in a real workspace. */
import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { PromptFiles } from '../../src/actions/vscode/prompt-files.ts';
import { PromptRunner } from '../../src/actions/vscode/run-prompt.ts';
import { actionNames, SlashCommands } from '../../src/actions/vscode/slash-commands.ts';
import { FakeBackend } from '../../src/backends/fake.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { Given } from '../../src/context/item.ts';
import { TokenCounts } from '../../src/context/token-counts.ts';
import { WorkspaceRules } from '../../src/context/vscode/rules.ts';

let root = '';
const uri = (name: string): vscode.Uri => vscode.Uri.file(path.join(root, name));
const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(uri(name).fsPath), { recursive: true });
  writeFileSync(uri(name).fsPath, text);
};
const remove = (...names: string[]): void => {
  for (const name of names) rmSync(uri(name).fsPath, { recursive: true, force: true });
};
const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`timed out waiting for ${what}`);
};
const untrusted = async (check: () => Promise<void>): Promise<void> => {
  const own = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
  assert.ok(own);
  Object.defineProperty(vscode.workspace, 'isTrusted', { value: false, configurable: true });
  try {
    await check();
  } finally {
    Object.defineProperty(vscode.workspace, 'isTrusted', own);
  }
};

before(() => {
  root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  assert.ok(root);
});

describe('prompt files', () => {
  const asked: { readonly question: string; readonly given: Given }[] = [];
  let prompts: PromptFiles;
  let runner: PromptRunner;
  let slash: SlashCommands;
  let chips = false;

  before(() => {
    write('.github/prompts/review.prompt.md', '---\ndescription: Review\nargument-hint: what\ntools: [x]\n---\nReview ${relativeFile} for ${input:what}, by [these](../../prompted/notes.md), [not](../../.env), [nor](../../../outside.md):\n${selection}');
    write('.github/prompts/damaged.prompt.md', '---\nname: [\n---\nDo.');
    write('prompted/fix.prompt.md', 'Say hi.');
    write('prompted/node_modules/x/other.prompt.md', 'No.');
    write('prompted/notes.md', 'Be kind.\n');
    write('prompted/a.ts', "export const text = '${language}';\n");
    write('.env', 'KEY=1\n');
    write('elsewhere/mine.prompt.md', 'Mine.');
  });

  beforeEach(() => {
    asked.length = 0;
    chips = false;
    prompts = new PromptFiles(actionNames, silentLogger);
    runner = new PromptRunner(prompts, (question, given) => Promise.resolve(void asked.push({ question, given })));
    slash = new SlashCommands({ prompts, runner, hasChips: () => chips });
  });

  afterEach(async () => {
    runner.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(() => remove('.github', 'prompted', 'elsewhere', '.env'));

  it('are found wherever they are, but for packages; damaged ones say what is wrong', async () => {
    const found = await prompts.list();
    assert.deepEqual(found.map(({ name, path: place }) => [name, place]), [
      ['damaged', '.github/prompts/damaged.prompt.md'],
      ['review', '.github/prompts/review.prompt.md'],
      ['mine', 'elsewhere/mine.prompt.md'],
      ['fix-2', 'prompted/fix.prompt.md'],
    ]);
    assert.ok(found[0]?.problem);
  });

  it('are read again when they have changed', async () => {
    await prompts.list();
    write('elsewhere/mine.prompt.md', 'Mine, and longer.');
    assert.equal((await prompts.list({ fresh: true })).find(({ name }) => name === 'mine')?.body, 'Mine, and longer.');
  });

  it('are filled in from the editor, with the files that they refer to', async () => {
    const editor = await vscode.window.showTextDocument(uri('prompted/a.ts'));
    editor.selection = new vscode.Selection(0, 0, 0, 34);
    const outcome = await slash.run('/review speed and more');
    assert.equal(outcome.kind, 'ask');
    assert.match(outcome.question, /^Review prompted\/a\.ts for speed and more, by [^]*:\nexport const text = '\$\{language\}';$/);
    assert.deepEqual(outcome.given.items, [{ path: 'prompted/notes.md', content: 'Be kind.\n' }]);
    assert.deepEqual(outcome.given.leftOut, [
      { label: '../../.env', why: 'secret' },
      { label: '../../../outside.md', why: 'outside' },
    ]);
  });

  it('that need a selection say so, and the text goes back', async () => {
    await vscode.window.showTextDocument(uri('prompted/a.ts'), { selection: new vscode.Range(0, 0, 0, 0) });
    assert.deepEqual(await slash.run('/review speed'), { kind: 'back' });
    assert.deepEqual(await slash.run('/damaged'), { kind: 'back' });
  });

  it('are run by name, and what follows goes along', async () => {
    await runner.choose({ name: 'fix-2', argument: 'Loudly.' });
    assert.deepEqual(asked.map(({ question }) => question), ['Say hi.\n\nLoudly.']);
  });

  it('stand among the slash commands', async () => {
    const all = await slash.find('');
    assert.deepEqual(all.slice(0, 6).map(({ name }) => name), [...actionNames]);
    assert.deepEqual((await slash.find('rev')).map(({ name, hint, description }) => [name, hint, description]), [['review', 'what', 'Review']]);
  });

  it('and a text with a slash that is no command is asked as it stands', async () => {
    for (const text of ['/usr/bin is full', '/unknown', '/']) assert.deepEqual(await slash.run(text), { kind: 'plain' });
  });

  it('/explain asks about the chips, or where no editor is open', async () => {
    const none = await slash.run('/explain the loop');
    assert.deepEqual(none.kind === 'ask' && none.question, 'Explain what this code does and how, briefly. the loop');
    await vscode.window.showTextDocument(uri('prompted/a.ts'));
    chips = true;
    assert.equal((await slash.run('/explain')).kind, 'ask');
  });

  it('are none in a workspace that is not trusted', async () => {
    await untrusted(async () => {
      assert.deepEqual(await prompts.list(), []);
      assert.deepEqual(await slash.run('/review speed'), { kind: 'plain' });
      await runner.choose({ name: 'fix-2' });
      assert.deepEqual(asked, []);
    });
  });

  it('of a real chat are asked by the command', async () => {
    await vscode.commands.executeCommand('ponder.newConversation');
    await vscode.commands.executeCommand('ponder.runPrompt', { name: 'fix-2' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('ponder.exportConversation');
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /## You\n\nSay hi\./);
  });
});

describe('rules of the workspace', () => {
  const backend = new FakeBackend();
  let rules: WorkspaceRules;

  beforeEach(() => {
    rules = new WorkspaceRules({ backend, counts: new TokenCounts(backend), logger: silentLogger });
  });

  afterEach(async () => {
    rules.dispose();
    remove('AGENTS.md', 'CLAUDE.md', '.github');
    await vscode.workspace.getConfiguration('ponder').update('rules.enabled', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are those of its root, as they are now, each text once', async () => {
    assert.deepEqual(await rules.items(), []);
    write('AGENTS.md', 'Use tabs.\n');
    write('.github/copilot-instructions.md', 'Be kind.\r\n');
    symlinkSync('AGENTS.md', uri('CLAUDE.md').fsPath);
    assert.deepEqual(await rules.items(), [
      { path: 'AGENTS.md', content: 'Use tabs.\n' },
      { path: '.github/copilot-instructions.md', content: 'Be kind.\n' },
    ]);
    write('AGENTS.md', 'Use spaces, two of them.\n');
    assert.equal((await rules.items())[0]?.content, 'Use spaces, two of them.\n');
  });

  it('are counted and shown without being asked for', async () => {
    write('AGENTS.md', 'Use tabs.\n');
    await until('the count', () => (rules.state[0]?.tokens ?? 0) > 0);
    remove('AGENTS.md');
    await until('none', () => rules.state.length === 0);
  });

  it('behind a link that leads out of the workspace are not read', async () => {
    symlinkSync('/etc/hostname', uri('AGENTS.md').fsPath);
    assert.deepEqual(await rules.items(), []);
  });

  it('open by their path, and nothing else does', async () => {
    write('AGENTS.md', 'Use tabs.\n');
    await rules.items();
    for (const wrong of ['CLAUDE.md', '../AGENTS.md', '/etc/hostname']) await rules.open(wrong);
    const front = (): string | undefined => vscode.window.activeTextEditor?.document.uri.fsPath;
    assert.equal(front(), undefined);
    await rules.open('AGENTS.md');
    assert.equal(front(), uri('AGENTS.md').fsPath);
  });

  it('are none where they are switched off, or the workspace is not trusted', async () => {
    write('AGENTS.md', 'Use tabs.\n');
    assert.equal((await rules.items()).length, 1);
    await untrusted(async () => assert.deepEqual(await rules.items(), []));
    await vscode.workspace.getConfiguration('ponder').update('rules.enabled', false, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(await rules.items(), []);
  });
});
