/** Which of the open brackets the text below the cursor closes. Pure. */
import { lineAfter, type Hole } from '../hole.ts';
import { columns } from '../length.ts';
import type { Waiting } from './waiting.ts';

/**
 * The first line below tells: what stands further out than it is closed somewhere below it, since that line is inside.
 * What the editor has closed on the cursor's own line is left to the text, which may end that line in its own way.
 * @param waiting outermost first
 * @returns whether it is closed below, for each that waits
 */
export function closedBelow(waiting: readonly Waiting[], hole: Hole): boolean[] {
  const closed = waiting.map(() => false);
  const beside = lineAfter(hole).trim();
  let innermost = waiting.length;
  for (const character of beside) {
    if (waiting[innermost - 1]?.closer === character) innermost--;
  }
  const lines = hole.suffix.split('\n').slice(1).filter((line) => line.trim() !== '');
  let rest = lines[0]?.trim() ?? '';
  for (let index = innermost - 1; index >= 0 && lines.length > 0; index--) {
    const { closer, indent } = waiting[index] ?? { closer: '', indent: 0 };
    if (/^[#'"`]/.test(closer)) {
      // Strings and `#if` keep to no indentation.
      closed[index] = hole.suffix.includes(closer);
      continue;
    }
    const column = columns(lines[0] ?? '');
    if (column === indent && rest.startsWith(closer)) {
      closed[index] = true;
      rest = rest.slice(closer.length).replace(/^[\s;,]+/, '');
      if (rest !== '') continue;
      lines.shift();
      rest = lines[0]?.trim() ?? '';
    } else {
      closed[index] = column > indent;
    }
  }
  return closed;
}
