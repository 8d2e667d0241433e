import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { maths } from './maths-rules.ts';

const md = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: true });
md.use(maths);

/** Reads one block. While `streaming`, a formula that is not closed yet is shown as its source. */
export function parse(markdown: string, streaming: boolean): Token[] {
  return md.parse(markdown, { streaming });
}
