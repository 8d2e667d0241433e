/** A text as it streams in, parsed behind what stands before it. */
import type { Node, Parser, Point, Tree } from '@vscode/tree-sitter-wasm';
import { balance } from '../brackets.ts';
import type { Hole } from '../hole.ts';
import { closedBelow } from './below.ts';
import { headOf } from './head.ts';
import type { Language } from './languages.ts';
import { closes, isCode, Open, tokensOf, type Token, type Vocabulary, type Waiting } from './waiting.ts';

/** All places are UTF-16 units in the parsed text. */
export interface Reading {
  readonly root: Node;
  /** What was parsed; after `end` comes only what closes what is open there. */
  readonly source: string;
  /** Where the cursor is. */
  readonly cursor: number;
  /** The end of what is judged: that of the last complete line, or of what is wanted. */
  readonly end: number;
  readonly language: Language;
  /** What is open at the cursor, outermost first. */
  readonly open: readonly Waiting[];
  /** Where the text has closed what was open at the cursor, innermost first. */
  readonly closings: readonly number[];
  /** Whether `end` is where the text goes on to close what is closed below already, or what nobody has opened. */
  readonly limited: boolean;
}

/** Most that is judged of a text, UTF-16 units. */
const farthest = 16_000;

/** All that reading in a language takes. */
export interface Reader {
  readonly parser: Parser;
  readonly language: Language;
  readonly vocabulary: Vocabulary;
  /** Longest time for one parse, milliseconds. */
  readonly patience: number;
}

/** Undefined where there is no complete line yet, or parsing took too long. `use` must not keep nodes: they are gone afterwards. */
export function read<T>({ parser, language, vocabulary, patience }: Reader, text: string, hole: Hole, use: (reading: Reading) => T): T | undefined {
  const lines = text.slice(0, text.lastIndexOf('\n', farthest) + 1);
  if (lines === '') return undefined;
  const head = headOf(hole);
  const source = head + lines;
  // With its brackets closed the text has no errors, as a rule, and errors are what takes the parser's time.
  const guess = source + closing(balance(source).open);
  const tree = parse(parser, guess, null, patience);
  if (!tree) return undefined;
  let better: Tree | null = null;
  try {
    const tokens = tokensOf(tree.rootNode, guess, vocabulary).filter(({ start }) => start < source.length);
    const { left, ...found } = follow(tokens, source, head.length, hole);
    const whole = source.slice(0, found.end) + closing(left.map(({ closer }) => closer));
    if (whole !== guess) {
      tree.edit({
        startIndex: found.end,
        oldEndIndex: guess.length,
        newEndIndex: whole.length,
        startPosition: pointAt(source, found.end),
        oldEndPosition: pointAt(guess, guess.length),
        newEndPosition: pointAt(whole, whole.length),
      });
      better = parse(parser, whole, tree, patience);
      if (!better) return undefined;
    }
    return use({ root: (better ?? tree).rootNode, source: whole, cursor: head.length, language, ...found });
  } finally {
    tree.delete();
    better?.delete();
  }
}

/** @param closers outermost first */
function closing(closers: readonly string[]): string {
  return closers.toReversed().map((closer) => (/^[)\]]/.test(closer) ? closer : `\n${closer}`)).join('');
}

function parse(parser: Parser, source: string, old: Tree | null, patience: number): Tree | null {
  const until = performance.now() + patience;
  const tree = parser.parse(source, old, { progressCallback: () => performance.now() > until });
  // Else the next text would be taken for the rest of this one.
  if (!tree) parser.reset();
  return tree;
}

type Followed = Pick<Reading, 'open' | 'closings' | 'limited' | 'end'> & { /** What is open at `end`. */ readonly left: readonly Waiting[] };

/** Goes through what opens and closes, up to what the text must not close. */
function follow(tokens: readonly Token[], source: string, cursor: number, hole: Hole): Followed {
  const before = tokens.filter(({ start }) => start < cursor);
  const open = openAfter(before, source);
  const below = closedBelow(open, hole);
  const closings: number[] = [];
  const left = new Open(source, open);
  const found = { open, closings };
  for (const token of tokens.slice(before.length)) {
    if (!isCode(token, left.innermost)) continue;
    const index = left.waiting.length - 1;
    const own = index >= open.length - closings.length;
    if (left.innermost && closes(token, left.innermost)) {
      if (!own && below[index]) return { ...found, left: left.waiting, end: token.start, limited: true };
      if (!own) closings.push(token.end);
      left.close(index, token);
    } else if (token.closer !== undefined) {
      left.open(token, token.closer);
    } else {
      // On its own line it ends what nobody has opened; anywhere else the text has lost count, and nobody knows how it is meant.
      const limited = !own && beginsLine(source, token.start) && !left.waiting.some((waiting) => closes(token, waiting));
      return { ...found, left: left.waiting, end: token.start, limited };
    }
  }
  return { ...found, left: left.waiting, end: source.length, limited: false };
}

function beginsLine(source: string, index: number): boolean {
  return source.slice(source.lastIndexOf('\n', index - 1) + 1, index).trim() === '';
}

/** A closer that closes nothing is passed over: the head may begin within a block, and people leave such things while they work. */
function openAfter(tokens: readonly Token[], source: string): Waiting[] {
  const open = new Open(source);
  for (const token of tokens) {
    if (!isCode(token, open.innermost)) continue;
    if (token.closer === undefined || (open.innermost && closes(token, open.innermost))) {
      const index = open.waiting.findLastIndex((waiting) => closes(token, waiting));
      if (index >= 0) open.close(index, token);
    } else {
      open.open(token, token.closer);
    }
  }
  return open.waiting;
}

/** Columns are UTF-16 units here too. */
function pointAt(source: string, index: number): Point {
  const before = source.slice(0, index);
  return { row: before.split('\n').length - 1, column: index - before.lastIndexOf('\n') - 1 };
}
