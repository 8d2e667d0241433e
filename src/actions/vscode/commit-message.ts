/** Writes a commit message into the input box of a repository. */
import path from 'node:path/posix';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { isAbort, toPonderError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { withoutSecrets } from '../../context/diff.ts';
import type { ContextItem } from '../../context/item.ts';
import { looksSecret } from '../../context/secret-files.ts';
import type { TokenCounts } from '../../context/token-counts.ts';
import { gitRepositories, untrackedFiles, type GitRepository } from '../../context/vscode/git.ts';
import { generationFor } from '../../models/vscode/generation.ts';
import type { PromptParams } from '../../protocol/engine.ts';
import { diffParts, fitDiff } from '../commit-diff.ts';
import { commitMessage } from '../commit-message.ts';
import { commitPrompt } from '../commit-prompt.ts';
import { sayError, type WaysOut } from './say-error.ts';

export interface CommitOptions extends WaysOut {
  readonly backend: Backend;
  readonly counts: TokenCounts;
  readonly rules: () => Promise<readonly ContextItem[]>;
  readonly logger: Logger;
}

/** Tokens of a message, at most. */
const longest = 512;
/** Commits whose subjects are examples. */
const examples = 5;
/** Between two looks at what has arrived, ms: each is a message between processes. */
const beat = 100;
/** What takes longer can be cancelled from a notification, ms. */
const patience = 1000;

interface Changes {
  readonly diff: string;
  readonly untracked: readonly string[];
}

export class CommitMessages {
  readonly #running = new Set<string>();

  constructor(private readonly options: CommitOptions) {}

  /** @param clicked the source control whose title was used, or anything else */
  async write(clicked: unknown): Promise<void> {
    const repository = await this.#repository(clicked);
    if (!repository) return;
    const key = repository.rootUri.toString();
    // A second press means the first.
    if (this.#running.has(key)) return;
    this.#running.add(key);
    try {
      await this.#writeFor(repository);
    } finally {
      this.#running.delete(key);
    }
  }

  async #repository(clicked: unknown): Promise<GitRepository | undefined> {
    const repositories = await gitRepositories().catch(() => undefined);
    if (!repositories) {
      const settings = l10n.t('Open settings');
      const choice = await vscode.window.showWarningMessage(l10n.t('Git is switched off or not installed, and commit messages need it.'), settings);
      if (choice === settings) await vscode.commands.executeCommand('workbench.action.openSettings', 'git.enabled');
      return undefined;
    }
    const root = rootOf(clicked);
    const meant = root ? repositories.filter(({ rootUri }) => rootUri.toString() === root.toString()) : repositories;
    if (meant.length === 0) sayNothing(l10n.t('There is no git repository in this workspace.'));
    if (meant.length < 2) return meant[0];
    return repositoryOf(vscode.window.activeTextEditor?.document.uri, meant) ?? askFor(meant);
  }

  async #writeFor(repository: GitRepository): Promise<void> {
    const changes = await changesOf(repository);
    if (!changes) {
      sayNothing(l10n.t('There is nothing to commit in {0}.', path.basename(repository.rootUri.path)));
      return;
    }
    const box = new Box(repository.inputBox);
    const aborter = new AbortController();
    try {
      const written = await withProgress(aborter, () => this.#generate(repository, changes, box, aborter.signal));
      // Who types there meanwhile goes on.
      if (!written) return;
      if (box.text === '') {
        box.restore();
        void vscode.window.showInformationMessage(l10n.t('The model wrote no commit message.'));
      } else if (box.before.trim() !== '') this.#offerUndo(box);
    } catch (error) {
      box.restore();
      if (isAbort(error)) return;
      const known = toPonderError(error);
      this.options.logger.error(`commit message: ${known.code}: ${known.message}`);
      // The message waits for the user as long as it takes.
      void sayError(known, this.options).then((again) => (again ? this.write({ rootUri: repository.rootUri }) : undefined));
    }
  }

  #offerUndo(box: Box): void {
    const undo = l10n.t('Undo');
    void vscode.window.showInformationMessage(l10n.t('The commit message has been replaced.'), undo).then((choice) => {
      if (choice === undo) box.restore();
    });
  }

  /** @returns false where the user began to type into the box */
  async #generate(repository: GitRepository, changes: Changes, box: Box, signal: AbortSignal): Promise<boolean> {
    const { backend } = this.options;
    const prompt = await this.#prompt(repository, changes, signal);
    const { sampling } = await generationFor(await backend.ensureReady(signal), false);
    let answer = '';
    let shown = 0;
    for await (const event of backend.chat({ ...prompt, thoughtBudget: 0, maxTokens: longest, sampling }, signal)) {
      if (event.type !== 'answer') continue;
      answer += event.text;
      if (performance.now() - shown < beat) continue;
      shown = performance.now();
      if (!box.show(commitMessage(answer))) return false;
    }
    return box.show(commitMessage(answer));
  }

  /** With as much of the changes as fits beside an answer. */
  async #prompt(repository: GitRepository, { diff, untracked }: Changes, signal: AbortSignal): Promise<PromptParams> {
    const { backend, counts, rules } = this.options;
    const model = await backend.ensureReady(signal);
    const parts = diffParts(diff);
    const base = { rules: vscode.workspace.isTrusted ? await rules() : [], subjects: await subjectsOf(repository), untracked };
    const tokens = await counts.all(parts.map(({ text }) => text));
    const window = model.largestContext - Math.min(longest, Math.floor(model.largestContext / 4));
    for (let room = window; ; ) {
      const prompt = { messages: commitPrompt({ ...base, diff: fitDiff(parts, tokens, room) }), thinking: false };
      const excess = (await backend.measure(prompt, signal)).tokens - window;
      // With nothing left to leave out, the engine says that it is too long.
      if (excess <= 0 || room <= 0) return prompt;
      room -= excess;
    }
  }
}

/** With the way to where it can be put right. */
function sayNothing(sentence: string): void {
  const scm = l10n.t('Open source control');
  void vscode.window.showInformationMessage(sentence, scm).then((choice) => {
    if (choice === scm) void vscode.commands.executeCommand('workbench.view.scm');
  });
}

/** The input box, with what stood there before. */
class Box {
  readonly before: string;
  #text: string | undefined;

  constructor(private readonly box: { value: string }) {
    this.before = box.value;
  }

  /** As far as it is written; empty before. */
  get text(): string {
    return this.#text ?? '';
  }

  /** @returns false where somebody else has written there since: that stays */
  show(text: string): boolean {
    if (this.box.value !== (this.#text ?? this.before)) return false;
    if (text === '') return true;
    this.#text = text;
    this.box.value = text;
    return true;
  }

  restore(): void {
    if (this.#text !== undefined && this.box.value === this.#text) this.box.value = this.before;
  }
}

/** What is staged, or else everything; undefined where there is nothing. */
async function changesOf(repository: GitRepository): Promise<Changes | undefined> {
  await repository.status();
  const staged = await repository.diff(true);
  if (staged.trim() !== '') return { diff: withoutSecrets(staged).diff || secretOnly, untracked: [] };
  const diff = await repository.diff(false);
  const untracked = untrackedFiles(repository);
  if (diff.trim() === '' && untracked.length === 0) return undefined;
  const { diff: shown } = withoutSecrets(diff);
  const named = untracked.filter((file) => !looksSecret(file));
  return { diff: shown === '' && named.length === 0 ? secretOnly : shown, untracked: named };
}

/** In place of a change that the model does not read. */
const secretOnly = 'Configuration has changed.\n';

async function subjectsOf(repository: GitRepository): Promise<string[]> {
  // Before the first commit there is no log.
  const commits = await repository.log({ maxEntries: examples }).catch(() => []);
  return commits.map(({ message }) => message.split('\n', 1)[0] ?? '').filter((subject) => subject !== '');
}

function rootOf(clicked: unknown): vscode.Uri | undefined {
  return typeof clicked === 'object' && clicked !== null && 'rootUri' in clicked && clicked.rootUri instanceof vscode.Uri ? clicked.rootUri : undefined;
}

/** The innermost that holds a file. */
function repositoryOf(uri: vscode.Uri | undefined, repositories: readonly GitRepository[]): GitRepository | undefined {
  const around = repositories.filter(({ rootUri }) => uri?.scheme === rootUri.scheme && `${uri.path}/`.startsWith(`${rootUri.path}/`));
  return around.toSorted((a, b) => b.rootUri.path.length - a.rootUri.path.length)[0];
}

async function askFor(repositories: readonly GitRepository[]): Promise<GitRepository | undefined> {
  const picks = repositories.map((repository) => ({ label: path.basename(repository.rootUri.path), description: repository.rootUri.fsPath, repository }));
  return (await vscode.window.showQuickPick(picks, { placeHolder: l10n.t('The repository to write a commit message for') }))?.repository;
}

/** In the source control view; after a second also where it can be cancelled. */
async function withProgress<T>(aborter: AbortController, work: () => Promise<T>): Promise<T> {
  const title = l10n.t('Writing a commit message');
  return vscode.window.withProgress({ location: vscode.ProgressLocation.SourceControl, title }, async () => {
    const running = work();
    const ended = running.then(
      () => undefined,
      () => undefined,
    );
    const timer = setTimeout(() => {
      void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
        token.onCancellationRequested(() => aborter.abort());
        return ended;
      });
    }, patience);
    try {
      return await running;
    } finally {
      clearTimeout(timer);
    }
  });
}
