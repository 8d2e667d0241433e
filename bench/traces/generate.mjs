// @ts-check
/**
 * Writes the keystroke traces beside it: `node bench/traces/generate.mjs`. For each source file it takes a function out
 * and types it in again, in human rhythm, with typing errors, a change of mind, jumps to other lines and two looks at
 * what is suggested. Seeded, so that it writes the same again as long as the functions are the same.
 *
 * A trace holds no text of its function, only how many units of it a key types: most of these files are other people's.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

/** @typedef {import('../completion/trace.ts').Trace} Trace */
/** @typedef {import('../completion/trace.ts').TraceEvent} TraceEvent */
/** @typedef {{ name: string, path: string, language: string, indent: string, comment: string, firstLine: string, lines: number }} Source */

/** @type {Source[]} */
const sources = [
  {
    name: 'live-turn',
    path: 'src/chat/live-turn.ts',
    language: 'typescript',
    indent: '  ',
    comment: '//',
    firstLine: "export function settle(turn: LiveTurn, status: Turn['status'], error?: Turn['error']): Turn {",
    lines: 15,
  },
  {
    name: 'curriculum',
    path: 'test/fixtures/tiny-qwen3/curriculum/infill.py',
    language: 'python',
    indent: '    ',
    comment: '#',
    firstLine: 'def _class(w, source, a, b, c):',
    lines: 10,
  },
  {
    name: 'preact-diff',
    path: 'node_modules/preact/src/diff/index.js',
    language: 'javascript',
    indent: '\t',
    comment: '//',
    firstLine: 'function rangeEnd(start, nodes) {',
    lines: 11,
  },
  {
    name: 'addon-context',
    path: 'node_modules/node-llama-cpp/llama/addon/AddonContext.cpp',
    language: 'cpp',
    indent: '    ',
    comment: '//',
    firstLine: 'Napi::Value AddonContext::GetSequenceKvCacheMaxPosition(const Napi::CallbackInfo& info) {',
    lines: 13,
  },
  {
    name: 'llama-chat',
    path: 'node_modules/node-llama-cpp/dist/evaluator/LlamaChat/LlamaChat.js',
    language: 'javascript',
    indent: '    ',
    comment: '//',
    firstLine: '    getLastTokens(maxTokens = maxRecentDetokenizerTokens) {',
    lines: 10,
  },
];

/**
 * The function's text without the last line end, and how many lines are above and below.
 * @param {Source} source
 */
function functionOf({ path: file, firstLine, lines: count }) {
  const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
  const first = lines.indexOf(firstLine);
  if (first < 0 || lines.lastIndexOf(firstLine) !== first) throw new Error(`${file} has not exactly one line "${firstLine}".`);
  if (lines[first + count - 1]?.trim() === '') throw new Error(`${file}: the function ends with an empty line.`);
  return { text: lines.slice(first, first + count).join('\n'), above: lines.slice(0, first), below: lines.slice(first + count) };
}

/**
 * The events, a list for each line of the function.
 * @param {string} text @param {Source} source @param {string[]} above @param {string[]} below @param {Chance} chance
 * @returns {TraceEvent[][]}
 */
function eventsOf(text, source, above, below, chance) {
  // What Enter indents by itself comes with it.
  const keys = text.match(/\n[ \t]*|[^\n]/g) ?? [];
  const starts = keys.flatMap((key, index) => (key.startsWith('\n') ? [index] : []));
  const [up, down] = chance.different(2, starts);
  const looks = chance.different(2, keys.flatMap((key, index) => (key === ' ' ? [index] : [])));
  const mind = chance.pick(wordEnds(keys));
  /** @type {TraceEvent[][]} */
  const lines = [[]];
  /** @param {TraceEvent[]} events */
  const add = (...events) => void lines.at(-1)?.push(...events);
  for (const [index, key] of keys.entries()) {
    const before = keys[index - 1] ?? '\n';
    if (/[a-z]/.test(key) && chance.happens(0.015)) add(...typingError(keys.slice(index, index + 3), chance));
    add([delayBefore(key, before, keys.slice(0, index).join(''), chance), 'type', key.length]);
    if (index === mind) add(...changeOfMind(keys, index, chance));
    if (looks.includes(index)) add([chance.between(500, 900), 'accept']);
    if (!key.startsWith('\n')) continue;
    lines.push([]);
    if (index === up) add(...jump(-distance(above.toReversed(), chance), source, chance));
    if (index === down) add(...jump(distance(below, chance), source, chance));
  }
  return lines;
}

/**
 * Fast within a word, slower between them; a pause at the beginning of a line and now and then before a hard part.
 * @param {string} key @param {string} before @param {string} typed @param {Chance} chance
 */
function delayBefore(key, before, typed, chance) {
  if (before.startsWith('\n')) return chance.between(400, 2000);
  if (key.startsWith('\n')) return chance.between(150, 600);
  if (/(?:= |\(|=> |return |, )$/.test(typed) && chance.happens(0.2)) return chance.between(400, 1400);
  return /\w/.test(key) ? chance.between(80, 160) : chance.between(100, 200);
}

/**
 * A wrong letter and up to two right ones behind it, taken back one by one.
 * @param {string[]} keys @param {Chance} chance @returns {TraceEvent[]}
 */
function typingError([right = '', ...next], chance) {
  const wrong = String.fromCharCode(right === 'z' ? 0x79 : right.charCodeAt(0) + 1);
  const letters = next.slice(0, chance.between(0, 2)).filter((key) => !key.startsWith('\n'));
  const written = [wrong, ...letters];
  return [
    ...written.map((letter) => /** @type {TraceEvent} */ ([chance.between(80, 160), 'wrong', letter])),
    ...written.map((_, index) => /** @type {TraceEvent} */ ([index === 0 ? chance.between(250, 500) : chance.between(80, 120), 'back', 1])),
  ];
}

/**
 * A word is deleted, thought about, and written as it was.
 * @param {string[]} keys @param {number} last index of its last key @param {Chance} chance @returns {TraceEvent[]}
 */
function changeOfMind(keys, last, chance) {
  const word = /\w+$/.exec(keys.slice(0, last + 1).join(''))?.[0] ?? '';
  return [
    ...[...word].map((_, index) => /** @type {TraceEvent} */ ([index === 0 ? chance.between(400, 900) : chance.between(60, 100), 'back', 1])),
    ...[...word].map((_, index) => /** @type {TraceEvent} */ ([index === 0 ? chance.between(600, 1500) : chance.between(80, 160), 'type', 1])),
  ];
}

/** @param {string[]} keys */
function wordEnds(keys) {
  return keys.flatMap((_, index) => (/\b\w{4,9}$/.test(keys.slice(0, index + 1).join('')) && !/\w/.test(keys[index + 1] ?? 'x') ? [index] : []));
}

/**
 * Lines from the function to one that says something, 3 to 25 away.
 * @param {string[]} lines the nearest first @param {Chance} chance
 */
function distance(lines, chance) {
  return chance.pick(lines.slice(2, 25).flatMap((line, index) => (/\w/.test(line) ? [index + 3] : [])));
}

/**
 * A remark at the end of another line, and back again.
 * @param {number} lines @param {Source} source @param {Chance} chance @returns {TraceEvent[]}
 */
function jump(lines, { comment }, chance) {
  return [
    [chance.between(800, 1500), 'go', lines],
    ...[...` ${comment} see ${lines < 0 ? 'below' : 'above'}`].map((key, index) => /** @type {TraceEvent} */ ([index === 0 ? chance.between(400, 900) : chance.between(80, 180), 'insert', key])),
    [chance.between(600, 1200), 'return'],
  ];
}

/** Random choices that a seed repeats (mulberry32). */
class Chance {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed;
  }

  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** @param {number} probability */
  happens(probability) {
    return this.next() < probability;
  }

  /** A whole number, both ends included. @param {number} low @param {number} high */
  between(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** @template T @param {readonly T[]} values @returns {T} */
  pick(values) {
    const value = values[this.between(0, values.length - 1)];
    if (value === undefined) throw new Error('There is nothing to choose from.');
    return value;
  }

  /** @param {number} count @param {readonly number[]} values */
  different(count, values) {
    const rest = [...values];
    return Array.from({ length: count }, () => rest.splice(rest.indexOf(this.pick(rest)), 1)[0]);
  }
}

for (const [index, source] of sources.entries()) {
  const file = path.join(root, 'bench/traces', `${source.name}.json`);
  const { text, above, below } = functionOf(source);
  const { path: sourcePath, language, indent, firstLine } = source;
  const head = { path: sourcePath, language, indent, firstLine, length: text.length, sha256: createHash('sha256').update(text).digest('hex') };
  const lines = eventsOf(text, source, above, below, new Chance(index + 1));
  writeFileSync(file, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "events": [\n${lines.map((line) => `    ${line.map((event) => JSON.stringify(event)).join(', ')}`).join(',\n')}\n  ]\n}\n`);
  process.stdout.write(`${source.name}: ${lines.flat().length} events\n`);
}
