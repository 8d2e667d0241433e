/** The names that a file defines, found by patterns. They need not be all, nor all right: they only rank. Pure. */
import { extension } from '../format.ts';
import { detached } from './terms.ts';

/** Most of one file. */
const most = 200;
/** How far into a file names are looked for, UTF-16 units. */
const units = 100_000;

const word = String.raw`([\p{L}_$][\p{L}\p{N}_$]{0,100})`;
/** Each with the name in its first group. They start at a line's beginning, and every repetition is bounded. */
const pattern = (source: string): RegExp => new RegExp(`^${source}`, 'gmu');

const ecmascript = [
  pattern(String.raw`[ \t]{0,40}(?:(?:export|default|declare|abstract|async)[ \t]{1,4}){0,4}(?:function\*?|class|interface|type|enum|namespace)[ \t]{1,4}${word}`),
  pattern(String.raw`(?:export[ \t]{1,4})?(?:const|let|var)[ \t]{1,4}${word}`),
  // A method has its body on the same line.
  pattern(String.raw`[ \t]{1,40}(?:(?:public|private|protected|static|async|get|set|override|readonly)[ \t]{1,4}){0,4}[#*]?(?!(?:if|for|while|switch|catch|function|return|with)\b)${word}\([^;\n]{0,300}\{[ \t]{0,4}$`),
];
const python = [pattern(String.raw`[ \t]{0,40}(?:async[ \t]{1,4})?(?:def|class)[ \t]{1,4}${word}`), pattern(String.raw`([A-Z_][A-Z0-9_]{2,80})[ \t]{0,4}[:=]`)];
const go = [pattern(String.raw`func[ \t]{1,4}(?:\([^)\n]{0,100}\)[ \t]{0,4})?${word}`), pattern(String.raw`(?:type|var|const)[ \t]{1,4}${word}`)];
const rust = [
  pattern(
    String.raw`[ \t]{0,40}(?:pub(?:\([^)\n]{1,40}\))?[ \t]{1,4})?(?:(?:async|unsafe|const|extern "C")[ \t]{1,4}){0,3}(?:fn|struct|enum|trait|mod|type|union|static|const|macro_rules!)[ \t]{1,4}${word}`,
  ),
];
const modifiers = String.raw`(?:(?:public|private|protected|internal|static|final|override|virtual|abstract|async|synchronized|open|sealed|data|inline|suspend|export|partial|readonly|extern|unsafe|const|native|default|implicit|case|lazy|mutating|fileprivate)[ \t]{1,4})`;
const jvm = [
  pattern(String.raw`[ \t]{0,40}${modifiers}{0,6}(?:class|interface|enum|record|struct|trait|object|protocol|extension|namespace|package|module|mixin|typealias|union)[ \t]{1,4}${word}`),
  pattern(String.raw`[ \t]{0,40}${modifiers}{0,6}(?:fun|func|function|def)[ \t]{1,4}(?:<[^>\n]{1,80}>[ \t]{0,4})?(?:\w{1,60}\.)?${word}`),
  pattern(String.raw`[ \t]{0,40}${modifiers}{1,6}[\w<>[\],.?]{1,100}[ \t]{1,4}${word}[ \t]{0,4}\(`),
];
const c = [
  pattern(String.raw`[ \t]{0,40}(?:typedef[ \t]{1,4})?(?:struct|class|enum(?:[ \t]{1,4}class)?|union|namespace)[ \t]{1,4}${word}`),
  pattern(String.raw`#[ \t]{0,10}define[ \t]{1,4}${word}`),
  pattern(String.raw`(?!else\b|return\b|typedef\b)[A-Za-z_][\w:<>,*& \t]{0,120}[ \t*&]{1,10}(?:[\w<>]{1,60}::){0,3}~?${word}\([^;\n]{0,300}$`),
];
const ruby = [pattern(String.raw`[ \t]{0,40}(?:def|class|module)[ \t]{1,4}(?:self\.)?${word}`)];
const script = [pattern(String.raw`[ \t]{0,40}(?:local[ \t]{1,4})?(?:function|def|defp|defmodule|sub|macro)[ \t]{1,4}(?:[\w.]{1,60}[.:])?${word}`), pattern(String.raw`${word}[ \t]{0,4}\(\)[ \t]{0,4}\{`)];
const sql = [new RegExp(String.raw`^[ \t]{0,40}create[ \t]{1,4}(?:or[ \t]{1,4}replace[ \t]{1,4})?(?:table|view|function|procedure|index|type|trigger)[ \t]{1,4}(?:if not exists[ \t]{1,4})?(?:\w{1,60}\.)?["'\x60[]?${word}`, 'gimu')];
const markdown = [/^#{1,6}[ \t]{1,4}([^\n]{1,120})/gmu];
/** Frameworks that keep a script in a page. */
const page = [...ecmascript.slice(0, 2)];

const patterns = new Map<string, readonly RegExp[]>(
  Object.entries({
    'ts tsx mts cts js jsx mjs cjs': ecmascript,
    'vue svelte astro': page,
    'py pyi pyx': python,
    go,
    rs: rust,
    'java kt kts scala cs swift dart php groovy fs vb': jvm,
    'c h cc cpp cxx hpp hh hxx m mm cu ino glsl': c,
    'rb rake': ruby,
    'sh bash zsh lua ex exs pl pm jl r nim cr': script,
    sql,
    'md mdx markdown': markdown,
  }).flatMap(([names, list]) => names.split(' ').map((name) => [name, list] as const)),
);

/** Each name once, as it is written; headings of Markdown as a whole. */
export function symbolsOf(path: string, text: string): string[] {
  const found = new Set<string>();
  const head = text.slice(0, units);
  for (const each of patterns.get(extension(path).toLowerCase()) ?? []) {
    for (const [, name] of head.matchAll(each)) {
      if (found.size >= most) break;
      if (name !== undefined) found.add(name);
    }
  }
  return [...found].map(detached);
}
