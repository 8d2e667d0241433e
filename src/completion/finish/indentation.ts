import { lineBefore, type Hole } from '../hole.ts';

/** Indents as the document does: tabs or spaces, and not once more where the cursor stands indented already. */
export function fixIndentation(text: string, hole: Hole): string {
  const before = lineBefore(hole);
  const [first = '', ...rest] = text.split('\n');
  const start = before.trim() === '' && before !== '' && first.startsWith(before) ? first.slice(before.length) : first;
  // A model's own step is two spaces or four; which, all its lines together tell.
  const step = rest.some((line) => spaceOf(line).length % 4 !== 0) ? '  ' : '    ';
  return [start, ...rest.map((line) => reindent(line, hole.indent, step))].join('\n');
}

function reindent(line: string, indent: string, step: string): string {
  const space = spaceOf(line);
  return (indent === '\t' ? space.replaceAll(step, '\t') : space.replaceAll('\t', indent)) + line.slice(space.length);
}

function spaceOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
