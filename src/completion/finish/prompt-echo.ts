import { lineBefore, type Hole } from '../hole.ts';

/** Shorter beginnings repeat by chance. */
const shortest = 3;

/** Drops what the model says again of the line it is in, and everything where it only says the lines above again. */
export function cutPromptEcho(text: string, hole: Hole): string {
  const begun = lineBefore(hole).trimStart();
  if (begun.length >= shortest && text.trimStart().startsWith(begun)) return text.trimStart().slice(begun.length);
  return repeatsAbove(text, hole) ? '' : text;
}

/** Two lines or more that stand just above, word for word. One line may well be meant twice. */
function repeatsAbove(text: string, hole: Hole): boolean {
  const said = linesOf(lineBefore(hole) + text);
  const above = linesOf(hole.prefix.slice(0, hole.prefix.length - lineBefore(hole).length));
  return said.length >= 2 && above.slice(-said.length).join('\n') === said.join('\n');
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}
