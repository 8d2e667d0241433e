/** The brackets, strings and blocks that a text has open, by its tokens: the parser tells them from those in strings and comments. */
import type { Language as Grammar, Node } from '@vscode/tree-sitter-wasm';
import { columns } from '../length.ts';
import type { Language } from './languages.ts';

/** Something that is open. */
export interface Waiting {
  readonly opener: string;
  /** What closes it. */
  readonly closer: string;
  /** Width of the indentation of the line where it was opened. */
  readonly indent: number;
}

/** Opens or closes something. */
export interface Token {
  /** UTF-16 units in the parsed text. */
  readonly start: number;
  readonly end: number;
  /** As in the grammar; a string's or an element's own text where that is what opens it. */
  readonly text: string;
  /** What closes what it opens; undefined where it opens nothing. A quote may do either. */
  readonly closer: string | undefined;
}

const brackets: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '${': '}',
  '#{': '}',
  '\\{': '}',
  '{|': '|}',
  '[[': ']]',
  '((': '))',
  '$((': '))',
  '$(': ')',
  '<(': ')',
  '>(': ')',
  '$[': ']',
  '%w(': ')',
  '%i(': ')',
  '#[': ']',
  '[:': ':]',
};
/** What opens code within a string. */
const substitutions = ['${', '#{', '\\{', '$(', '$(('];
/** Nodes that open a string or an element, and those that close one. */
const starts = ['string_start', 'raw_string_start', 'jsx_opening_element'];
const ends = ['string_end', 'raw_string_end', 'jsx_closing_element'];
/** They open and close alike. */
const quotes = ['`', '"""'];
/** What stands before an `if` in Ruby that has an `end`; after anything else it is a condition on what it follows. */
const beginsStatement = /(?:^|[=(;{]|&&|\|\||\b(?:return|do|then|else))\s*$/;

/** What opens and closes in a language, as its grammar numbers it. */
export interface Vocabulary {
  readonly types: readonly string[];
  readonly kinds: ReadonlyMap<number, Kind>;
}
interface Kind {
  readonly type: string;
  readonly closer: string | undefined;
  /** Its text tells what closes it, or what it closes. */
  readonly spelt: boolean;
}

export function vocabularyOf(grammar: Grammar, { words = {}, longQuotes }: Language): Vocabulary {
  const quote = longQuotes ? [...quotes, '"'] : quotes;
  const pairs: Readonly<Record<string, string>> = { ...brackets, ...words, ...Object.fromEntries(quote.map((type) => [type, type])) };
  const plain = new Set([...Object.keys(pairs), ...Object.values(pairs)]);
  const kinds = new Map<number, Kind>();
  for (const [id, type] of grammar.types.entries()) {
    const spelt = starts.includes(type) || ends.includes(type);
    // A grammar may name a whole statement as its first word is named.
    if (spelt || (plain.has(type) && !grammar.nodeTypeIsNamed(id))) kinds.set(id, { type, closer: pairs[type], spelt });
  }
  return { types: [...new Set([...kinds.values()].map(({ type }) => type))], kinds };
}

/** What opens or closes, in the order of the text. */
export function tokensOf(root: Node, source: string, { types, kinds }: Vocabulary): Token[] {
  const tokens: Token[] = [];
  for (const node of root.descendantsOfType([...types])) {
    const kind = node ? kinds.get(node.typeId) : undefined;
    if (!node || !kind) continue;
    const place = { start: node.startIndex, end: node.endIndex };
    if (place.start === place.end) continue;
    const { type, closer } = kind;
    if (kind.spelt) tokens.push({ ...place, ...spelling(node, type) });
    else if (closer !== 'end' || hasEnd(source, type, place.start)) tokens.push({ ...place, text: type, closer });
  }
  return tokens.sort((a, b) => a.start - b.start || b.end - a.end);
}

function spelling(node: Node, type: string): Pick<Token, 'text' | 'closer'> {
  if (type === 'jsx_closing_element') return { text: '</', closer: undefined };
  return { text: node.text, closer: starts.includes(type) ? closerOf(node) : undefined };
}

function closerOf(node: Node): string {
  if (node.type === 'jsx_opening_element') return `</${node.childForFieldName('name')?.text ?? ''}>`;
  return node.text.replace(/^[^'"]+/, '');
}

/** Whether an `end` belongs to a word. */
function hasEnd(source: string, word: string, start: number): boolean {
  const before = lineUpTo(source, start);
  // The `do` of a loop belongs to it.
  if (word === 'do') return !/^\s*(?:while|until|for)\b/.test(before);
  return !['if', 'unless', 'while', 'until', 'for'].includes(word) || beginsStatement.test(before);
}

export function closes(token: Token, { closer }: Waiting): boolean {
  return token.text === closer || (token.text === '</' && closer.startsWith('</'));
}

/** What is open, as the tokens go by. */
export class Open {
  /** Outermost first. */
  readonly waiting: Waiting[];
  readonly #source: string;
  #closed: { readonly indent: number; readonly end: number } | undefined;

  constructor(source: string, waiting: readonly Waiting[] = []) {
    this.#source = source;
    this.waiting = [...waiting];
  }

  get innermost(): Waiting | undefined {
    return this.waiting.at(-1);
  }

  /** Drops what waits from an index on, closed by a token. */
  close(index: number, token: Token): void {
    this.#closed = { indent: this.waiting[index]?.indent ?? 0, end: token.end };
    this.waiting.length = index;
  }

  open(token: Token, closer: string): void {
    const own = columns(lineUpTo(this.#source, token.start));
    // The lines of a long list of parameters may stand anywhere; the block behind it belongs to where the list began.
    const sameLine = this.#closed && !this.#source.slice(this.#closed.end, token.start).includes('\n');
    this.waiting.push({ opener: token.text, closer, indent: Math.min(own, (sameLine ? this.#closed?.indent : undefined) ?? own) });
  }
}

/** Whether a token is code. Behind the quote of a string that has no end yet, the parser takes the string's text for code. */
export function isCode(token: Token, innermost: Waiting | undefined): boolean {
  if (!innermost || !/['"`]$/.test(innermost.opener) || closes(token, innermost)) return true;
  return substitutions.includes(token.text) || (/^\w*f/i.test(innermost.opener) && token.text === '{');
}

function lineUpTo(source: string, index: number): string {
  return source.slice(source.lastIndexOf('\n', index - 1) + 1, index);
}
