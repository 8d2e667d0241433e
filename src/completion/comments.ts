/** Comments of one line, by VS Code's language id. Pure. */

interface CommentStyle {
  readonly open: string;
  readonly close: string;
  /** Besides, lines that begin so are comments. */
  readonly also?: readonly string[];
}

const slashes: CommentStyle = { open: '//', close: '', also: ['/*', '*'] };
const hash: CommentStyle = { open: '#', close: '' };
const dashes: CommentStyle = { open: '--', close: '' };
const markup: CommentStyle = { open: '<!--', close: ' -->' };
const block: CommentStyle = { open: '/*', close: ' */', also: ['*'] };

const all = (ids: string, style: CommentStyle): (readonly [string, CommentStyle])[] => ids.split(' ').map((id) => [id, style]);
const styles: ReadonlyMap<string, CommentStyle> = new Map([
  ...all('typescript typescriptreact javascript javascriptreact go rust c cpp csharp java kotlin swift scala dart scss less groovy jsonc', slashes),
  ...all('python ruby shellscript yaml toml dockerfile makefile r perl julia powershell elixir coffeescript', hash),
  ...all('sql lua haskell ada', dashes),
  ...all('html xml vue svelte', markup),
  ['css', block],
  ['php', { ...slashes, also: ['#', '/*', '*'] }],
]);

/** A line of text as a comment; as most languages do it where nothing is known. */
export function asComment(text: string, language: string): string {
  const { open, close } = styles.get(language) ?? slashes;
  return `${open} ${text}`.trimEnd() + close;
}

/** Whether a line holds a comment and nothing before it; never where the language is not known. */
export function isComment(line: string, language: string): boolean {
  const style = styles.get(language);
  return style !== undefined && [style.open, ...(style.also ?? [])].some((start) => line.trimStart().startsWith(start));
}
