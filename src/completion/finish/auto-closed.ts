import { balance } from '../brackets.ts';
import { lineAfter, type Hole } from '../hole.ts';

/**
 * How much of the cursor's line the text takes the place of. The editor has closed `(`, `[`, `{` and quotes as they were
 * typed; where the text closes them itself, they must not stand there twice.
 * @returns UTF-16 units after the cursor
 */
export function replacedAfter(text: string, hole: Hole): number {
  const after = lineAfter(hole).trimEnd();
  if (!/^[)\]}'"`;,>]+$/.test(after)) return 0;
  const closed = balance(text).unmatched.map(({ closer }) => closer);
  const [line = ''] = text.split('\n');
  for (const character of after) {
    const brought = /[)\]}]/.test(character)
      ? closed.shift() === character
      : /['"`]/.test(character)
        ? line.split(character).length % 2 === 0
        : text.includes(character);
    if (!brought) return 0;
  }
  return after.length;
}
