/** Brackets of a text, in any language that writes strings between quotes. Pure. */

const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export interface Balance {
  /** The closers that the text waits for, outermost first. */
  readonly open: readonly string[];
  /** What it closes without having opened it, in its order; `index` in UTF-16 units. */
  readonly unmatched: readonly { readonly closer: string; readonly index: number }[];
}

// A quote that its own line does not close is an apostrophe.
const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\\n])*`|[()[\]{}]/g;
/** Rust's lifetimes have one quote; only a single character stands between two. */
const rustToken = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|[()[\]{}]/g;

/**
 * @param waiting closers that are waited for before the text begins, outermost first
 * @param language VS Code's language id
 */
export function balance(text: string, waiting: readonly string[] = [], language = ''): Balance {
  const open = [...waiting];
  const unmatched: { closer: string; index: number }[] = [];
  for (const { 0: found, index } of text.matchAll(language === 'rust' ? rustToken : token)) {
    if (found.length > 1) continue;
    const closer = closerOf[found];
    if (closer !== undefined) open.push(closer);
    else if (open.at(-1) === found) open.pop();
    else unmatched.push({ closer: found, index });
  }
  return { open, unmatched };
}

/** The quote that a line has open at its end, if there is one. */
export function openQuote(line: string): string | undefined {
  let open: string | undefined;
  for (const [found] of line.matchAll(/\\.|["'`]/g)) {
    if (found.length > 1) continue;
    if (open === undefined) open = found;
    else if (open === found) open = undefined;
  }
  return open;
}
