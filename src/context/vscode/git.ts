/** What has changed and is not committed, by VS Code's own git extension. */
import * as vscode from 'vscode';
import { withoutSecrets } from '../diff.ts';
import type { ContextItem, LeftOut } from '../item.ts';
import type { Reading } from './attachment-reader.ts';

/** As much of its interface as is used here; it has no types of its own to import. Its methods need their `this`. */
interface GitExports {
  readonly enabled?: boolean;
  getAPI(version: 1): GitApi;
}

interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<unknown>;
  readonly repositories: readonly GitRepository[];
}

export interface GitRepository {
  readonly rootUri: vscode.Uri;
  /** What is written for the next commit. */
  readonly inputBox: { value: string };
  readonly state: { readonly workingTreeChanges: readonly GitChange[]; readonly untrackedChanges?: readonly GitChange[] };
  /** Looks at the working tree. */
  status(): Promise<void>;
  diff(cached: boolean): Promise<string>;
  /** Rejects where there is no commit yet. */
  log(options: { readonly maxEntries: number }): Promise<readonly { readonly message: string }[]>;
}

interface GitChange {
  readonly uri: vscode.Uri;
  readonly status: number;
}

/** As git's extension numbers it: a file that it does not follow. */
const untracked = 7;

/** How long git may take to find the repositories once it has started, ms. */
const patience = 5000;

function isGit(value: unknown): value is GitExports {
  return typeof value === 'object' && value !== null && 'getAPI' in value && typeof value.getAPI === 'function';
}

/** All of the workspace; undefined where there is no git, or it is switched off. */
export async function gitRepositories(): Promise<readonly GitRepository[] | undefined> {
  const extension = vscode.extensions.getExtension<unknown>('vscode.git');
  if (!extension) return undefined;
  const git: unknown = await extension.activate();
  if (!isGit(git) || git.enabled === false) return undefined;
  const api = git.getAPI(1);
  if (api.state !== 'initialized') await started(api);
  return api.repositories;
}

/** Relative to the repository, with forward slashes. */
export function untrackedFiles({ rootUri, state }: GitRepository): string[] {
  const changes = [...(state.untrackedChanges ?? []), ...state.workingTreeChanges.filter(({ status }) => status === untracked)];
  const root = `${rootUri.path.replace(/\/$/, '')}/`;
  return [...new Set(changes.map(({ uri }) => (uri.path.startsWith(root) ? uri.path.slice(root.length) : uri.path)))];
}

/** Staged and unstaged, of all repositories of the workspace. */
export async function uncommittedChanges(): Promise<Reading> {
  const repositories = (await gitRepositories()) ?? [];
  const items: ContextItem[] = [];
  const leftOut: LeftOut[] = [];
  for (const repository of repositories) {
    for (const staged of [true, false]) {
      const { diff, secrets } = withoutSecrets(await repository.diff(staged));
      if (diff !== '') items.push({ kind: 'diff', path: staged ? 'staged changes' : 'changes', content: diff });
      leftOut.push(...secrets.map((label) => ({ label, why: 'secret' as const })));
    }
  }
  return { items, leftOut, ...(items.length === 0 ? { problem: 'missing' as const } : {}) };
}

/** Resolves in any case. */
async function started(api: GitApi): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(end, patience);
    const listener = api.onDidChangeState(end);
  });
}
