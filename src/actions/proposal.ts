/** From what the model has written so far to the document as it would be. Pure. */
import { formOf, original } from './edit-prompt.ts';
import { applyEdits, parseEdits } from './edits/anchored-edits.ts';
import { fitTo, respaced } from './edits/fit.ts';
import { replacedSoFar, writtenIn } from './edits/rewrite.ts';
import type { Lines } from './lines.ts';
import type { Target } from './target.ts';

/** Undefined while nothing can be made of the answer. */
export function proposalOf(target: Target, answer: string): string[] | undefined {
  const { lines, start, end } = target;
  const region = lines.slice(start, end);
  const changed = formOf(target) === 'anchored' ? anchored(region, answer, start + 1) : rewritten(target, region, answer);
  return changed && [...lines.slice(0, start), ...changed, ...lines.slice(end)];
}

function rewritten(target: Target, region: Lines, answer: string): string[] | undefined {
  const written = writtenIn(answer);
  if (!written) return undefined;
  // A new file ends with a line break.
  if (formOf(target) === 'file') return [...written.lines, ''];
  const fit = (to: string): string[] => fitTo(to, written.lines.join('\n')).split('\n');
  if (written.closed) return fit(original(target));
  if (written.lines.length === 0) return undefined;
  // Blank lines at the end are among those that are still to come.
  const fitted = fit(original(target).replace(/(?:\n[ \t]*)*$/, ''));
  return [...fitted, ...region.slice(replacedSoFar(region, fitted))];
}

function anchored(region: Lines, answer: string, first: number): string[] | undefined {
  const { edits: found, open } = parseEdits(answer, region, first);
  const code = region.join('\n');
  const edits = found.map((edit) => ({ ...edit, added: edit.added.map((line) => respaced(line, code)) }));
  const last = edits.at(-1);
  if (!last) return undefined;
  if (!open) return applyEdits(region, edits);
  const replaced = replacedSoFar(region.slice(last.start, last.end), last.added);
  return applyEdits(region, [...edits.slice(0, -1), { ...last, end: last.start + replaced }]);
}
