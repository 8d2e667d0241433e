/** Rules of the workspace, AGENTS.md and the like: which of them go with every prompt, and how. Pure. */
import { formatItem } from './format.ts';
import type { ContextItem, LeftOut } from './item.ts';
import heading from './prompts/rules.md';

/** In the root of a workspace folder, the most common one first. */
export const ruleFiles = ['AGENTS.md', 'CLAUDE.md', '.github/copilot-instructions.md'] as const;

/** Of all rules together, bytes in UTF-8: some 8,000 tokens. */
export const mostRules = 32 * 1024;

export interface RuleFile {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly content: string;
}

/**
 * What says something, each text once. What is over the limit is left out: of the first file that does not fit its
 * last lines, and all that follow.
 */
export function chooseRules(files: readonly RuleFile[], limit = mostRules): { readonly items: readonly ContextItem[]; readonly leftOut: readonly LeftOut[] } {
  const items: ContextItem[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  let room = limit;
  for (const { path, content } of files) {
    const said = content.trim();
    if (said === '' || seen.has(said)) continue;
    seen.add(said);
    const lines = content.split(/(?<=\n)/);
    const kept = linesWithin(lines, room);
    if (kept === lines.length) items.push({ path, content });
    else {
      if (kept > 0) items.push({ path, content: lines.slice(0, kept).join(''), lines: { start: 1, end: kept } });
      leftOut.push({ label: kept > 0 ? `${path}:${String(kept + 1)}-${String(lines.length)}` : path, why: 'large' });
    }
    room = kept === lines.length ? room - Buffer.byteLength(content) : 0;
  }
  return { items, leftOut };
}

/** How many lines, from the first on, take no more than `room` bytes. */
function linesWithin(lines: readonly string[], room: number): number {
  let left = room;
  const over = lines.findIndex((line) => (left -= Buffer.byteLength(line)) < 0);
  return over < 0 ? lines.length : over;
}

/** Instructions with the rules behind them. They are fenced like all that is read, so that a file cannot open a turn. */
export function withRules(instructions: string, rules: readonly ContextItem[]): string {
  const text = instructions.trim();
  return rules.length === 0 ? text : `${text}\n\n${heading.trim()}\n\n${rules.map(formatItem).join('').trimEnd()}`;
}
