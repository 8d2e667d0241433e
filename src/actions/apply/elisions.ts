/** Code that leaves parts out: "// ... existing code ...". Pure. */
import { fitTo } from '../edits/fit.ts';
import { endOfBlock } from '../enclosing-block.ts';
import { isBlank, type Lines } from '../lines.ts';
import type { LineEdit } from '../review/alignment.ts';

const comment = /^\s*(?:\/\/|\/\*|#|--|;|%|<!--|\{\/\*)\s*(.*?)\s*(?:\*\/\}?|-->)?\s*$/;

/** @param lines of the file: what stands there is meant as it is */
export function isElision(line: string, lines: Lines): boolean {
  const text = comment.exec(line)?.[1];
  if (text === undefined || lines.some((each) => each.trim() === line.trim())) return false;
  return /^(?:\.{3}|…)/.test(text) || (/\.{3}|…/.test(text) && /\b(?:existing|unchanged|rest|remaining|previous|other|same)\b/i.test(text));
}

/**
 * The code with the file's own lines where it leaves them out, or undefined where that would take guessing: the lines
 * around each gap, and the first and the last one, must stand in the file once each.
 */
export function withElided(code: Lines, lines: Lines): LineEdit | undefined {
  const gap = (line: string): boolean => isElision(line, lines);
  const first = code.find((line) => !isBlank(line)) ?? '';
  const last = code.findLast((line) => !isBlank(line)) ?? '';
  const start = gap(first) ? 0 : only(lines, first, 0, lines.length);
  if (start === undefined) return undefined;
  const block = endOfBlock(lines, start);
  let end: number | undefined = lines.length;
  if (!gap(last)) {
    const at = lines[block - 1]?.trim() === last.trim() && !gap(first) ? block - 1 : only(lines, last, start, lines.length);
    end = at === undefined ? undefined : at + 1;
  }
  if (end === undefined) return undefined;
  const original = lines.slice(start, end).join('\n').replace(/^(?:[ \t]*\n)+|\s+$/g, '');
  const fitted = fitTo(original, code.join('\n')).split('\n');
  const full = fitted.flatMap((line, index) => (isBlank(line) ? [] : [index]));
  const whole: string[] = [];
  let from = start;
  for (const [index, line] of fitted.entries()) {
    if (!gap(line)) {
      whole.push(line);
      continue;
    }
    const nth = full.indexOf(index);
    const beside = (at: number, edge: number, known: number): number | undefined =>
      gap(fitted[full[at] ?? 0] ?? '') ? undefined : at === edge ? known : only(lines, fitted[full[at] ?? 0] ?? '', from, end);
    // The first line and the last were found already, and beyond them is the edge of what is replaced.
    const above = nth === 0 ? start - 1 : beside(nth - 1, 0, start);
    const below = nth === full.length - 1 ? end : beside(nth + 1, full.length - 1, end - 1);
    if (above === undefined || below === undefined || below <= above) return undefined;
    whole.push(...lines.slice(above + 1, below));
    from = below;
  }
  return { start, end, lines: whole };
}

/** The one line that says the same, but for its indentation. */
function only(lines: Lines, wanted: string, start: number, end: number): number | undefined {
  const places: number[] = [];
  for (let at = start; at < end; at++) if (lines[at]?.trim() === wanted.trim()) places.push(at);
  return places.length === 1 ? places[0] : undefined;
}
