/** Commit messages, in the input box of a real git repository. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { CommitMessages } from '../../src/actions/vscode/commit-message.ts';
import type { BackendEvent } from '../../src/backends/backend.ts';
import { FakeBackend, type Script } from '../../src/backends/fake.ts';
import { PonderError } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/log.ts';
import { TokenCounts } from '../../src/context/token-counts.ts';
import { gitRepositories, type GitRepository } from '../../src/context/vscode/git.ts';

describe('a commit message', () => {
  let root = '';
  let repository: GitRepository;
  let errors: PonderError[];

  const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], { cwd: root, encoding: 'utf8' });
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 400; tries++) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`timed out waiting for ${what}`);
  };
  const enabled = (value: boolean | undefined): Thenable<void> => vscode.workspace.getConfiguration('git').update('enabled', value, vscode.ConfigurationTarget.Workspace);
  const answer = (text: string): BackendEvent => ({ type: 'answer', text, tokens: 1 });
  const messages = (backend: FakeBackend): CommitMessages =>
    new CommitMessages({
      backend,
      counts: new TokenCounts(backend),
      rules: () => Promise.resolve([{ path: 'AGENTS.md', content: 'Past tense.' }]),
      logger: silentLogger,
      errorSentence: (error) => {
        errors.push(error);
        return error.message;
      },
      chooseModel: () => Promise.resolve(false),
      restartEngine: () => Promise.resolve(),
    });
  const written = async (script: Script): Promise<FakeBackend> => {
    const backend = new FakeBackend([script]);
    await messages(backend).write({ rootUri: repository.rootUri });
    return backend;
  };
  const sent = (backend: FakeBackend): string => backend.requests[0]?.messages.map(({ content }) => content).join('\n') ?? '';

  before(async function () {
    this.timeout(60_000);
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    git('init', '-q');
    write('commits/a.ts', 'export const a = 1;\n');
    git('add', '-A', '-f');
    git('commit', '-qm', 'Begin\n\nWith a body.');
    await enabled(true);
    await vscode.extensions.getExtension('vscode.git')?.activate();
    await until('git', async () => (await vscode.commands.getCommands()).includes('git.openRepository'));
    await vscode.commands.executeCommand('git.openRepository', root);
    await until('the repository', async () => ((await gitRepositories().catch(() => [])) ?? []).length > 0);
    const [found] = (await gitRepositories()) ?? [];
    assert.ok(found);
    repository = found;
  });

  beforeEach(() => {
    errors = [];
    repository.inputBox.value = '';
  });

  afterEach(() => {
    // The workspace's settings stay as they are: git is switched on there.
    git('reset', '-q');
    git('checkout', '-q', '--', 'commits');
    git('clean', '-qfd', 'commits');
  });

  after(async () => {
    repository.inputBox.value = '';
    await enabled(undefined);
    rmSync(path.join(root, '.git'), { recursive: true, force: true });
    rmSync(path.join(root, 'commits'), { recursive: true, force: true });
  });

  it('is about what is staged, in the style of earlier ones and by the rules', async () => {
    write('commits/a.ts', 'export const a = 2;\n');
    git('add', 'commits/a.ts');
    write('commits/b.ts', 'export const b = 3;\n');
    const backend = await written([answer('```\nChange'), answer(' a.\n```')]);
    assert.equal(repository.inputBox.value, 'Change a');
    assert.match(sent(backend), /Past tense\.[^]*- Begin\n[^]*\+export const a = 2;/);
    assert.doesNotMatch(sent(backend), /With a body|b\.ts/);
    assert.equal(backend.requests[0]?.thinking, false);
  });

  it('is about everything where nothing is staged, with new files by name and without secrets', async () => {
    write('commits/a.ts', 'export const a = 2;\n');
    write('commits/new.ts', 'export const secretly = 3;\n');
    write('commits/.env', 'KEY=1\n');
    const backend = await written([answer('Add b')]);
    assert.match(sent(backend), /\+export const a = 2;[^]*New files:\n- commits\/new\.ts\n/);
    assert.doesNotMatch(sent(backend), /secretly|\.env|KEY/);
  });

  it('says when there is nothing to commit, and asks no model', async () => {
    // Other suites may have left files.
    git('add', '-A', '-f');
    git('commit', '-q', '--allow-empty', '-m', 'All');
    const said: string[] = [];
    const own = Object.getOwnPropertyDescriptor(vscode.window, 'showInformationMessage');
    assert.ok(own);
    Object.defineProperty(vscode.window, 'showInformationMessage', { value: (text: string) => Promise.resolve(void said.push(text)), configurable: true });
    try {
      const backend = await written([answer('Nothing')]);
      assert.deepEqual(backend.requests, []);
    } finally {
      Object.defineProperty(vscode.window, 'showInformationMessage', own);
    }
    assert.match(said.join(), /nothing to commit/);
    assert.equal(repository.inputBox.value, '');
  });

  it('takes the place of what stood there, which stays when it fails', async () => {
    write('commits/a.ts', 'export const a = 2;\n');
    repository.inputBox.value = 'mine';
    await written([answer('Theirs')]);
    assert.equal(repository.inputBox.value, 'Theirs');
    repository.inputBox.value = 'mine';
    await written([answer('Half a mess'), new PonderError('engine-crashed', 'gone')]);
    assert.equal(repository.inputBox.value, 'mine');
    assert.deepEqual(errors.map(({ code }) => code), ['engine-crashed']);
  });

  it('leaves alone what is typed meanwhile', async () => {
    write('commits/a.ts', 'export const a = 2;\n');
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const writing = written([answer('Half'), gate, answer(' of it')]);
    await until('the first word', () => repository.inputBox.value === 'Half');
    repository.inputBox.value = 'Half, and my own';
    release();
    await writing;
    assert.equal(repository.inputBox.value, 'Half, and my own');
  });

  it('is written by the real engine when the command is run', async function () {
    this.timeout(180_000);
    write('commits/a.ts', 'export const a = 2;\n');
    await vscode.commands.executeCommand('ponder.commitMessage', { rootUri: repository.rootUri });
    const { value } = repository.inputBox;
    assert.notEqual(value, '');
    assert.equal(value, value.trim());
    assert.doesNotMatch(value, /```|<think>|<\|/);
  });
});
