/** Every suite there is. */
import { bundle } from './bundle.ts';
import { chat } from './chat.ts';
import { completion } from './completion.ts';
import { workspaceIndex } from './context/index.ts';
import { context } from './context.ts';
import { edits } from './edits.ts';
import { engine } from './engine.ts';
import { host } from './host.ts';
import { models } from './models.ts';
import { secondWindow } from './models/second-window.ts';
import { threadChoice } from './models/thread-choice.ts';
import type { Need, Suite } from './row.ts';
import { webview } from './webview.ts';

const suites: readonly Suite[] = [engine, chat, completion, workspaceIndex, context, edits, bundle, host, webview, models, secondWindow, threadChoice];

export interface Choice {
  readonly suite: Suite;
  readonly wanted: ReadonlySet<string>;
}

/** The suites with a row whose name starts with the prefix, and which of their rows do. */
export function choose(prefix: string): Choice[] {
  return suites
    .map((suite) => ({ suite, wanted: new Set(suite.rows.map(({ name }) => name).filter((name) => name.startsWith(prefix))) }))
    .filter(({ wanted }) => wanted.size > 0);
}

export function needs(choices: readonly Choice[]): ReadonlySet<Need> {
  return new Set(choices.flatMap(({ suite }) => suite.needs));
}

export function rowNames(): string[] {
  return suites.flatMap(({ rows }) => rows.map(({ name }) => name));
}
