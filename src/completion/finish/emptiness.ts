import { lineBefore, type Hole } from '../hole.ts';

const hash = /^#/;
const slashes = /^(\/\/|\/\*|\*)/;
const dashes = /^--/;
/** How a comment begins, by VS Code's language id. */
const comments: Readonly<Record<string, RegExp>> = {
  python: hash,
  ruby: hash,
  shellscript: hash,
  yaml: hash,
  toml: hash,
  dockerfile: hash,
  makefile: hash,
  r: hash,
  perl: hash,
  sql: dashes,
  lua: dashes,
  haskell: dashes,
  html: /^<!--/,
  xml: /^<!--/,
  typescript: slashes,
  typescriptreact: slashes,
  javascript: slashes,
  javascriptreact: slashes,
  go: slashes,
  rust: slashes,
  c: slashes,
  cpp: slashes,
  csharp: slashes,
  java: slashes,
  kotlin: slashes,
  swift: slashes,
  php: /^(\/\/|#|\/\*|\*)/,
  css: /^(\/\*|\*)/,
  scss: slashes,
};

/** Nothing but comments or blanks is no code. Inside a comment, a comment is what is wanted. */
export function withoutEmptiness(text: string, hole: Hole): string {
  const comment = comments[hole.language];
  const begun = lineBefore(hole).trim();
  const lines = text.split('\n').map((line) => line.trim());
  if (comment && !comment.test(begun) && begun === '' && lines.every((line) => line === '' || comment.test(line))) return '';
  return text.trim() === '' ? '' : text;
}
