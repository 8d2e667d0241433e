/** What asks a model for a commit message. Pure. */
import { formatItem } from '../context/format.ts';
import type { ContextItem } from '../context/item.ts';
import { withRules } from '../context/rules.ts';
import type { Message } from '../protocol/engine.ts';
import instructions from './prompts/commit.md';

export interface CommitPrompt {
  readonly rules: readonly ContextItem[];
  /** Of the last commits, as examples of the repository's style. */
  readonly subjects: readonly string[];
  /** As far as it fits. */
  readonly diff: string;
  /** Paths of new files that git does not follow yet. */
  readonly untracked: readonly string[];
}

/** Named, at most. */
const mostUntracked = 30;

export function commitPrompt({ rules, subjects, diff, untracked }: CommitPrompt): Message[] {
  const parts = [
    subjects.length > 0 ? `Subjects of the last commits, as examples of the style:\n${list(subjects)}\n\n` : '',
    diff === '' ? '' : formatItem({ kind: 'diff', path: 'changes', content: diff }),
    untracked.length > 0 ? `New files:\n${list(untracked.slice(0, mostUntracked))}\n` : '',
    untracked.length > mostUntracked ? `… ${String(untracked.length - mostUntracked)} more files\n` : '',
    untracked.length > 0 ? '\n' : '',
    'Write the commit message.',
  ];
  return [
    { role: 'system', content: withRules(instructions, rules) },
    { role: 'user', content: parts.join('') },
  ];
}

/** A line break in a name would let it write lines of its own. */
function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line.replace(/\s+/g, ' ').slice(0, 200)}`).join('\n');
}
