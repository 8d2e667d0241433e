/** What the model is given to read beside the question. */
import * as v from 'valibot';

/** Of items; a folder or the open editors become files before they are read. Notes: what the editor knows of names in a file. */
export const itemKinds = ['file', 'selection', 'symbol', 'problems', 'diff', 'notes', 'terminal'] as const;
export type ItemKind = (typeof itemKinds)[number];

const line = v.pipe(v.number(), v.integer(), v.minValue(1));

export const contextItem = v.object({
  /** Absent: a whole file. */
  kind: v.optional(v.picklist(itemKinds)),
  /** Relative to the workspace, with forward slashes; for problems, notes, a diff and a terminal, what they are of. */
  path: v.string(),
  content: v.string(),
  /** Of the file, from 1, both included; absent: all of them. */
  lines: v.optional(v.object({ start: line, end: line })),
  /** As the model counted them when they were sent. */
  tokens: v.optional(v.pipe(v.number(), v.minValue(0))),
});
export type ContextItem = v.InferOutput<typeof contextItem>;

/** Why something was not read. `window`: it does not fit. */
export const leftOutReasons = ['window', 'ignored', 'secret', 'binary', 'large', 'generated', 'missing', 'outside', 'many', 'untrusted'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

export const leftOut = v.object({
  /** A path, or how many of which kind. */
  label: v.string(),
  why: v.picklist(leftOutReasons),
  tokens: v.optional(v.pipe(v.number(), v.minValue(0))),
});
export type LeftOut = v.InferOutput<typeof leftOut>;

/** Two items that say the same. */
export function sameItem(a: ContextItem, b: ContextItem): boolean {
  return a.path === b.path && a.content === b.content && (a.kind ?? 'file') === (b.kind ?? 'file');
}

/** What a question comes with. */
export interface Given {
  /** Chosen for it; always sent. */
  readonly items: readonly ContextItem[];
  /** Picked automatically, best first; sent as far as they fit. */
  readonly automatic: readonly ContextItem[];
  /** What could not be read. */
  readonly leftOut: readonly LeftOut[];
}

export const nothingGiven: Given = { items: [], automatic: [], leftOut: [] };

export function together(a: Given, b: Given): Given {
  return { items: [...a.items, ...b.items], automatic: [...a.automatic, ...b.automatic], leftOut: [...a.leftOut, ...b.leftOut] };
}
