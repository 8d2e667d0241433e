import { lineBefore, type Hole } from '../hole.ts';

/** Indents as the document does: tabs or spaces, and not once more where the cursor stands indented already. */
export function fixIndentation(text: string, hole: Hole): string {
  const before = lineBefore(hole);
  const [first = '', ...rest] = text.split('\n');
  const start = before.trim() === '' && before !== '' && first.startsWith(before) ? first.slice(before.length) : first;
  return [start, ...rest.map((line) => reindent(line, hole.indent))].join('\n');
}

function reindent(line: string, indent: string): string {
  const space = /^[ \t]*/.exec(line)?.[0] ?? '';
  if (indent === '\t') {
    // A model's own step is two spaces or four; which, one line alone does not tell.
    const step = space.length % 4 === 0 ? '    ' : '  ';
    return space.replaceAll(step, '\t') + line.slice(space.length);
  }
  return space.replaceAll('\t', indent) + line.slice(space.length);
}
