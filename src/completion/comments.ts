/** Comments, by VS Code's language id. Pure. */

interface CommentStyle {
  /** What a comment of one line begins and ends with. */
  readonly open: string;
  readonly close: string;
  /** A comment of several lines. */
  readonly block?: readonly [open: string, close: string];
  /** Besides, lines that begin so are comments. */
  readonly also?: string;
}

const starred = ['/*', '*/'] as const;
const slashes: CommentStyle = { open: '//', close: '', block: starred };
const hash: CommentStyle = { open: '#', close: '' };
const dashes: CommentStyle = { open: '--', close: '' };
const markup: CommentStyle = { open: '<!--', close: ' -->', block: ['<!--', '-->'] };
const block: CommentStyle = { open: '/*', close: ' */', block: starred };

const all = (ids: string, style: CommentStyle): (readonly [string, CommentStyle])[] => ids.split(' ').map((id) => [id, style]);
const styles: ReadonlyMap<string, CommentStyle> = new Map([
  ...all('typescript typescriptreact javascript javascriptreact go rust c cpp csharp java kotlin swift scala dart scss less groovy jsonc', slashes),
  ...all('python ruby shellscript yaml toml dockerfile makefile r perl julia powershell elixir coffeescript', hash),
  ...all('sql lua haskell ada', dashes),
  ...all('html xml vue svelte', markup),
  ['css', block],
  ['php', { ...slashes, also: '#' }],
]);

/** A line of text as a comment; as most languages do it where nothing is known. */
export function asComment(text: string, language: string): string {
  const { open, close } = styles.get(language) ?? slashes;
  return `${open} ${text}`.trimEnd() + close;
}

/** Whether a comment of several lines is open at the end of a text. */
export function endsInComment(text: string, language: string): boolean {
  const [open, close] = styles.get(language)?.block ?? [];
  return open !== undefined && close !== undefined && text.lastIndexOf(open) > text.lastIndexOf(close);
}

/** Whether a text holds comments and blanks and nothing else; never where the language is not known. */
export function isCommentary(text: string, language: string): boolean {
  const style = styles.get(language);
  if (!style) return false;
  const [open, close] = style.block ?? [];
  let rest = text.trimStart();
  while (rest !== '') {
    const inBlock = open !== undefined && close !== undefined && rest.startsWith(open);
    // `#!` names an interpreter.
    const inLine = (rest.startsWith(style.open) || (style.also !== undefined && rest.startsWith(style.also))) && !rest.startsWith('#!');
    if (!inBlock && !inLine) return false;
    const end = inBlock ? rest.indexOf(close) : rest.indexOf('\n');
    rest = end < 0 ? '' : rest.slice(end + (inBlock ? close.length : 1)).trimStart();
  }
  return true;
}
