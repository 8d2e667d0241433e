import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import lua from 'highlight.js/lib/languages/lua';
import makefile from 'highlight.js/lib/languages/makefile';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import powershell from 'highlight.js/lib/languages/powershell';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import scss from 'highlight.js/lib/languages/scss';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { h } from 'preact';
import type { ComponentChildren } from 'preact';

const grammars = {
  bash, c, cpp, csharp, css, diff, dockerfile, go, ini, java, javascript, json, kotlin, lua, makefile, markdown, php,
  powershell, python, ruby, rust, scss, sql, swift, typescript, xml, yaml,
};
for (const [name, grammar] of Object.entries(grammars)) hljs.registerLanguage(name, grammar);

/** Longer code stays plain: colouring it would hold up the page. */
const longest = 60_000;

/** Code as coloured spans. Built as nodes, never as HTML, so that code cannot become markup. */
export function highlight(code: string, grammar: string | undefined): ComponentChildren {
  if (grammar === undefined || code.length > longest || !hljs.getLanguage(grammar)) return code;
  return spans(hljs.highlight(code, { language: grammar, ignoreIllegals: true }).value);
}

const piece = /<span class="([\w\s-]*)">|(<\/span>)|([^<]+)/g;

/** The highlighter writes nothing but spans with a class, and escaped text between them. */
export function spans(html: string): ComponentChildren[] {
  const root: ComponentChildren[] = [];
  const stack: { readonly name: string; readonly children: ComponentChildren[] }[] = [];
  const into = (): ComponentChildren[] => stack.at(-1)?.children ?? root;
  for (const [, opened, closed, text] of html.matchAll(piece)) {
    if (opened !== undefined) stack.push({ name: opened, children: [] });
    else if (text !== undefined) into().push(unescape(text));
    else if (closed !== undefined) {
      const span = stack.pop();
      if (span) into().push(spanOf(span.name, span.children));
    }
  }
  return root;
}

function spanOf(name: string, children: ComponentChildren[]): ComponentChildren {
  return h('span', { class: name }, ...children);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

function unescape(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#x27);/g, (whole, name: string) => entities[name] ?? whole);
}
