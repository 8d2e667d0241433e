/** What a question looks for: its words, those of code above the others, and the names that it says exactly. Pure. */
import { glossary, longestGlossaryEntry } from './glossary.ts';
import { mostConcepts, type Concept } from './lexical.ts';
import { bigrams, partsOf, Splitter, wholeOf, wordsOf } from './terms.ts';
import { chineseStopWords, englishStopWords } from './words.ts';

export interface QuestionConcept extends Concept {
  /** As the question has it. */
  readonly word: string;
}

export interface Question {
  readonly concepts: readonly QuestionConcept[];
  /** What reads like an identifier, as it is written. */
  readonly names: readonly string[];
  /** What reads like a file's name or path, with forward slashes and lower-case. */
  readonly paths: readonly string[];
  /** It is about tests, too. */
  readonly tests: boolean;
}

/** A longer one is cut, UTF-16 units. */
const longest = 4000;

/** What counts how much: an identifier as a whole, its parts beside that, a plain word, a translation, a pair of characters. */
const weight = { identifier: 3, part: 0.7, word: 1, translation: 0.8, bigram: 0.5 } as const;

const splitter = new Splitter();
const pathLike = /(?:[\w.@-]+[\\/])*[\w@-][\w.@-]*\.[A-Za-z][A-Za-z0-9]{0,9}\b|(?:[\w.@-]+[\\/])+[\w.@-]+/g;
const quoted = /`([^`\n]{1,200})`/g;
const stopPattern = new RegExp(chineseStopWords.join('|'), 'u');

export function readQuestion(text: string): Question {
  const question = text.slice(0, longest);
  const inQuotes = new Set([...question.matchAll(quoted)].flatMap(([, code = '']) => wordsOf(code).map((word) => word.text)));
  const concepts = new Map<string, QuestionConcept>();
  const names = new Set<string>();
  for (const word of wordsOf(question)) {
    if (word.cjk) {
      for (const concept of chineseConcepts(word.text)) concepts.set(concept.word, concept);
      continue;
    }
    const code = inQuotes.has(word.text) || readsLikeCode(word.text);
    const plain = word.text.toLowerCase();
    // "don't" leaves a t behind.
    if (!code && (plain.length < 2 || englishStopWords.has(plain))) continue;
    // A capital at the beginning of a word may be a class or a sentence; it is a name only if a file defines it so.
    if (code || /^\p{Lu}/u.test(word.text)) names.add(word.text);
    const terms = new Map<string, number>(splitter.termsOf(word).map((term) => [term, code && partsOf(word.text).length > 1 ? weight.part : weight.word]));
    if (code) terms.set(partsOf(word.text).length > 1 ? wholeOf(word.text) : (terms.keys().next().value ?? plain), weight.identifier);
    if (terms.size > 0 && !concepts.has(plain)) concepts.set(plain, { word: word.text, terms });
  }
  return {
    concepts: [...concepts.values()].slice(0, mostConcepts),
    names: [...names],
    paths: [...question.matchAll(pathLike)].map(([path]) => path.replaceAll('\\', '/').toLowerCase()).filter((path) => path.length > 3),
    tests: /\b(?:tests?|specs?|testing|tested|coverage)\b|测试/i.test(question),
  };
}

/** camelCase, PascalCase with two humps, snake_case, ALL_CAPS, letters with digits. */
function readsLikeCode(word: string): boolean {
  return /\p{Ll}\p{Lu}|_|\$|\p{L}\p{N}|^\p{Lu}{2,}\p{Ll}/u.test(word.replace(/^_+$/, ''));
}

/** Known words by what they are called in code as well, all others by pairs of characters. */
function* chineseConcepts(run: string): Generator<QuestionConcept, void, void> {
  let rest = '';
  for (let at = 0; at < run.length; ) {
    const known = longestKnown(run, at);
    if (known === undefined) {
      rest += run[at] ?? '';
      at++;
      continue;
    }
    yield* unknownConcepts(rest);
    rest = '';
    yield translated(known);
    at += known.length;
  }
  yield* unknownConcepts(rest);
}

function longestKnown(run: string, at: number): string | undefined {
  for (let length = Math.min(longestGlossaryEntry, run.length - at); length > 0; length--) {
    const candidate = run.slice(at, at + length);
    if (glossary.has(candidate)) return candidate;
  }
  return undefined;
}

function translated(chinese: string): QuestionConcept {
  const english = (glossary.get(chinese) ?? []).flatMap((word) => splitter.termsOf({ text: word, cjk: false }));
  const terms = new Map<string, number>(bigrams(chinese).map((pair) => [pair, weight.word]));
  english.forEach((term, place) => terms.set(term, place === 0 ? weight.word : weight.translation));
  return { word: chinese, terms };
}

function* unknownConcepts(run: string): Generator<QuestionConcept, void, void> {
  for (const piece of run.split(stopPattern)) {
    if (piece !== '') yield { word: piece, terms: new Map(bigrams(piece).map((pair) => [pair, weight.bigram])) };
  }
}
