/** What has changed and is not committed, by VS Code's own git extension. */
import * as vscode from 'vscode';
import { withoutSecrets } from '../diff.ts';
import type { ContextItem, LeftOut } from '../item.ts';
import type { Reading } from './attachment-reader.ts';

/** As much of its interface as is used here; it has no types of its own to import. Its methods need their `this`. */
interface GitExports {
  getAPI(version: 1): GitApi;
}

interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<unknown>;
  readonly repositories: readonly { diff(cached: boolean): Promise<string> }[];
}

/** How long git may take to find the repositories once it has started, ms. */
const patience = 5000;

function isGit(value: unknown): value is GitExports {
  return typeof value === 'object' && value !== null && 'getAPI' in value && typeof value.getAPI === 'function';
}

/** Staged and unstaged, of all repositories of the workspace. Rejects where there is no git. */
export async function uncommittedChanges(): Promise<Reading> {
  const extension = vscode.extensions.getExtension<unknown>('vscode.git');
  if (!extension) return { items: [], leftOut: [], problem: 'missing' };
  const git: unknown = await extension.activate();
  if (!isGit(git)) return { items: [], leftOut: [], problem: 'missing' };
  const api = git.getAPI(1);
  if (api.state !== 'initialized') await started(api);
  const { repositories } = api;
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
