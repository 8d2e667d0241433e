/** Makes what a model wrote fit the code that it replaces. Pure. */

/**
 * The new code with the indentation, the blank edges and the tabs or spaces of the old.
 * @param original whole lines
 */
export function fitTo(original: string, code: string): string {
  const lines = code.replace(/^(?:[ \t]*\n)+/, '').replace(/\s+$/, '').split('\n');
  const [lead = ''] = /^(?:[ \t]*\n)*/.exec(original) ?? [];
  const [trail = ''] = /(?:\n[ \t]*)*$/.exec(original.slice(lead.length)) ?? [];
  const wanted = indentOf(original);
  const found = indentOf(lines.join('\n'));
  const moved = lines.map((line) => (line.trim() === '' ? '' : wanted + respaced(line.startsWith(found) ? line.slice(found.length) : line.trimStart(), original)));
  return lead + moved.join('\n') + trail;
}

/** What all lines that are not blank begin with. */
function indentOf(text: string): string {
  const indents = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  const [first = ''] = indents;
  return indents.reduce((common, indent) => {
    let length = 0;
    while (length < common.length && common[length] === indent[length]) length++;
    return common.slice(0, length);
  }, first);
}

/** Leading spaces as tabs where the old code is indented by tabs; four or two of them make one, as the line has them. */
export function respaced(line: string, original: string): string {
  if (!/^\t/m.test(original) || /^ /m.test(original)) return line;
  return line.replace(/^ +/, (spaces) => '\t'.repeat(Math.round(spaces.length / (spaces.length % 4 === 0 ? 4 : 2))));
}
