/** What the model is asked for an edit, and in which form it has to answer. Pure. */
import { extension, fenceFor, formatItem } from '../context/format.ts';
import type { ContextItem } from '../context/item.ts';
import { withRules } from '../context/rules.ts';
import type { Message } from '../protocol/engine.ts';
import type { EditRequest } from './edit.ts';
import { editGrammar, numbered } from './edits/anchored-edits.ts';
import { rewriteGrammar } from './edits/rewrite.ts';
import again from './prompts/form-again.md';
import anchored from './prompts/form-anchored.md';
import file from './prompts/form-file.md';
import rewrite from './prompts/form-rewrite.md';
import system from './prompts/system.md';
import type { Target } from './target.ts';

/**
 * `rewrite`: all lines anew. `anchored`: edits between lines that are named. `file`: a new file.
 */
export type Form = 'rewrite' | 'anchored' | 'file';

/** Up to so many lines are rewritten whole: what stays as it is costs little, since it is looked up in the prompt. */
const longestRewrite = 80;
/** Shown before and after what is to be changed. */
const surroundingLines = 30;

export function formOf({ lines, start, end }: Target): Form {
  if (lines.length === 0) return 'file';
  return end - start <= longestRewrite ? 'rewrite' : 'anchored';
}

/** The text that is to be changed. */
export function original({ lines, start, end }: Target): string {
  return lines.slice(start, end).join('\n');
}

/** What stays the same from edit to edit stands in front: system, rules, surroundings; the instruction comes last. */
export function editMessages({ target, instruction, items, rules }: EditRequest): Message[] {
  const { path, lines, start, end } = target;
  const part = (from: number, to: number): ContextItem[] =>
    to > from ? [{ path, content: lines.slice(from, to).join('\n'), lines: { start: from + 1, end: to } }] : [];
  const form = formOf(target);
  const body = form === 'anchored' ? [{ path, content: numbered(lines.slice(start, end), start + 1), lines: { start: start + 1, end } }] : part(start, end);
  const shown = [
    ...items,
    ...part(Math.max(0, start - surroundingLines), start),
    ...part(end, Math.min(lines.length, end + surroundingLines)).filter(({ content }) => content.trim() !== ''),
    ...body,
  ];
  const asked = `${shown.map(formatItem).join('')}${instruction.trim()}\n\n${fill(forms[form], target)}`;
  return [
    { role: 'system', content: withRules(system.trim(), rules) },
    { role: 'user', content: asked },
  ];
}

/** After an answer that nothing could be made of. */
export function askAgain(messages: readonly Message[], answer: string): Message[] {
  return [...messages, { role: 'assistant', content: answer }, { role: 'user', content: again.trim() }];
}

/** GBNF of answers to `editMessages`. */
export function grammarOf(target: Target): string {
  const { path, lines, start, end } = target;
  return formOf(target) === 'anchored' ? editGrammar(lines.slice(start, end), start + 1) : rewriteGrammar(fenceFor(original(target)), extension(path));
}

const forms: Readonly<Record<Form, string>> = { rewrite, anchored, file };

function fill(text: string, { path, start, end }: Target): string {
  const values: Readonly<Record<string, string>> = { first: String(start + 1), last: String(end), path: path.replace(/\s+/g, ' ') };
  return text.trim().replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
