/** What the model is told to do, action by action. Pure. */
import documentText from './prompts/document.md';
import explainProblemText from './prompts/explain-problem.md';
import explainProblemZh from './prompts/explain-problem.zh-cn.md';
import explainText from './prompts/explain.md';
import explainZh from './prompts/explain.zh-cn.md';
import fixText from './prompts/fix.md';
import toAsync from './prompts/refactor/async.md';
import extract from './prompts/refactor/extract-function.md';
import rename from './prompts/refactor/rename.md';
import simplify from './prompts/refactor/simplify.md';
import split from './prompts/refactor/split.md';
import types from './prompts/refactor/types.md';
import testsLike from './prompts/tests-like.md';
import testsMore from './prompts/tests-more.md';
import testsWithin from './prompts/tests-within.md';
import testsText from './prompts/tests.md';
import type { Target } from './target.ts';
import type { TestPlace } from './test-file.ts';

export const presets = ['extract', 'rename', 'simplify', 'async', 'split', 'types'] as const;
export type Preset = (typeof presets)[number];

const ofPreset: Readonly<Record<Preset, string>> = { extract, rename, simplify, async: toAsync, split, types };

export function refactorInstruction(preset: Preset): string {
  return ofPreset[preset].trim();
}

/** @param problems as compilers print them, a line each */
export function fixInstruction(problems: readonly string[]): string {
  return fill(fixText, { problems: problems.join('\n') });
}

export function documentInstruction(): string {
  return documentText.trim();
}

/** @param example path of a file with tests to write them like */
export function testsInstruction(code: Target, { path, place }: TestPlace, example: string | undefined): string {
  const asked = fill(testsText, { what: whatIs(code, 'en'), path: code.path, tests: path });
  const where = { new: undefined, existing: testsMore.trim(), same: testsWithin.trim() }[place];
  const like = example === undefined ? undefined : fill(testsLike, { example });
  return [asked, where, like].filter((part) => part !== undefined).join(' ');
}

/** @param locale VS Code's: "zh-cn" */
export function explainQuestion(target: Target, locale: string): string {
  const chinese = isChinese(locale);
  return fill(chinese ? explainZh : explainText, { what: whatIs(target, chinese ? 'zh' : 'en'), path: target.path });
}

/** @param line from 1 */
export function explainProblemQuestion(problem: string, path: string, line: number, locale: string): string {
  return fill(isChinese(locale) ? explainProblemZh : explainProblemText, { problem, path, line: String(line) });
}

/** "the function total (lines 10-24)", as far as it is known. */
function whatIs({ symbol, lines, start, end }: Target, language: 'en' | 'zh'): string {
  if (start === 0 && end === lines.length && symbol === undefined) return language === 'zh' ? '全部代码' : 'the code';
  const numbers = end === start + 1 ? String(end) : `${String(start + 1)}-${String(end)}`;
  if (language === 'zh') return symbol === undefined ? `第 ${numbers} 行` : `\`${symbol}\`（第 ${numbers} 行）`;
  const where = end === start + 1 ? `line ${numbers}` : `lines ${numbers}`;
  return symbol === undefined ? where : `the ${symbol} (${where})`;
}

function isChinese(locale: string): boolean {
  return /^zh\b/i.test(locale);
}

/** Problems stand as they are; a line break in any other value would let a file name write prose of its own. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.trim().replace(/\{(\w+)\}/g, (whole, name: string) => (name === 'problems' ? values[name] : values[name]?.replace(/\s+/g, ' ')) ?? whole);
}
