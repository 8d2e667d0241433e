import { endsInComment, isCommentary } from '../comments.ts';
import { lineBefore, type Hole } from '../hole.ts';

/** Nothing but comments or blanks is no code. Inside a comment, a comment is what is wanted. */
export function withoutEmptiness(text: string, hole: Hole): string {
  if (text.trim() === '') return '';
  const wanted = lineBefore(hole).trim() !== '' || endsInComment(hole.prefix, hole.language);
  return !wanted && isCommentary(text, hole.language) ? '' : text;
}
