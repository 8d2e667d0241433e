import { isComment } from '../comments.ts';
import { lineBefore, type Hole } from '../hole.ts';

/** Nothing but comments or blanks is no code. Inside a comment, a comment is what is wanted. */
export function withoutEmptiness(text: string, hole: Hole): string {
  const begun = lineBefore(hole).trim();
  const idle = (line: string): boolean => line.trim() === '' || isComment(line, hole.language);
  return text.trim() === '' || (begun === '' && text.split('\n').every(idle)) ? '' : text;
}
