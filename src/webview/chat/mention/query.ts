import type { Query } from '../list-menu/use-list-menu.ts';

/** The longest query that the host takes, in UTF-16 units. */
const longest = 256;

/**
 * What a sign may stand behind: a space, an opening bracket, a quote or a comma, so that neither an address nor a
 * decorator inside of a word is taken for one. Chinese, Japanese and Thai put no space before it.
 */
const before = /(?:[\s\p{Ps}\p{Pi}"',;:!?，。、；：！？]|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])$/u;

/** The query that ends at the caret, if one does. */
export function queryAt(text: string, caret: number): Query | undefined {
  for (let start = caret - 1; start >= 0 && caret - start <= longest + 1; start -= 1) {
    const sign = text.charAt(start);
    if (/\s/.test(sign)) return undefined;
    if (sign === '@' && (start === 0 || before.test(text.slice(Math.max(0, start - 2), start)))) {
      return text.charAt(start + 1) === '@' && start + 1 < caret ? undefined : { start, end: caret, text: text.slice(start + 1, caret) };
    }
  }
  return undefined;
}

/** The query that is typed from `start` on without a sign, while it goes on up to the caret. */
export function queryFrom(text: string, start: number, caret: number): Query | undefined {
  const typed = text.slice(start, caret);
  return caret >= start && typed.length <= longest && !/\s/.test(typed) ? { start, end: caret, text: typed } : undefined;
}

/** What a query is to be replaced by, and where. Nothing in its place takes one of the two spaces around it along. */
export function replacement(text: string, query: Query, insert: string): { readonly start: number; readonly end: number; readonly insert: string } {
  const { start, end } = query;
  const spaced = start === 0 || /\s/.test(text.charAt(start - 1));
  return { start, end: insert === '' && end > start && spaced && text.charAt(end) === ' ' ? end + 1 : end, insert };
}
