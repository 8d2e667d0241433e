/** What to ask the language services for, and where: imported names, those in use near the cursor first. Pure. */
import type { ImportedName, Place } from './imports.ts';

export interface Question {
  /** Is the same for as long as the answer should be. */
  readonly key: string;
  readonly place: Place;
  /** It is at the cursor and will be another at the next key. */
  readonly unfinished: boolean;
}

/** Lines above the cursor that tell what is in use. */
export const nearLines = 100;
/** Members of one name that are asked for. */
const mostMembers = 3;

/** A longer line is generated or data, UTF-16 units. */
const longestLine = 1000;

/**
 * @param near the lines up to the cursor's own, the last
 * @param most questions
 */
export function questionsOf(imports: readonly ImportedName[], near: readonly string[], cursor: Place, language: string, most: number): Question[] {
  const named = new Map(imports.map((one) => [one.name, one]));
  const members = new Map<ImportedName, Question[]>();
  const others = new Map<string, Question>();
  const about = (key: string, line: number, { 0: word, index }: RegExpExecArray): Question => {
    const unfinished = line === cursor.line && index <= cursor.character && cursor.character <= index + word.length;
    return { key, place: { line, character: index }, unfinished };
  };
  for (const { words, line } of chainsOf(imports, near, cursor.line - near.length + 1)) {
    const depth = words.findIndex((_, index) => named.has(nameOf(words, index + 1))) + 1;
    const known = named.get(nameOf(words, depth));
    if (known) {
      const asked = members.get(known) ?? [];
      members.set(known, asked);
      const member = words[depth];
      const key = `${known.source}\n${known.name}.${member?.[0] ?? ''}`;
      if (member && asked.length < mostMembers && !asked.some((other) => other.key === key)) asked.push(about(key, line, member));
    } else if (language === 'csharp' && words[0] && /^\p{Lu}/u.test(words[0][0]) && !others.has(words[0][0])) {
      // C# imports whole namespaces: what is written large may come from one.
      others.set(words[0][0], about(words[0][0], line, words[0]));
    }
  }
  const itself = ({ module, source, name, place, lines }: ImportedName): Question[] =>
    module ? [] : [{ key: `${source}\n${name}`, place, unfinished: lines[0] <= cursor.line && cursor.line <= lines[1] }];
  const used = [...members].flatMap(([one, asked]) => [...itself(one), ...asked]);
  const unused = imports.filter((one) => !members.has(one)).flatMap(itself);
  return [...used, ...others.values(), ...unused].slice(0, most);
}

/** The first so many words as a dotted name. */
function nameOf(words: readonly RegExpExecArray[], count: number): string {
  return words.slice(0, count).map(([word]) => word).join('.');
}

const chain = /[\p{L}_$][\p{L}\p{N}_$]*(?:(?:\?\.|\.|::)[\p{L}_$][\p{L}\p{N}_$]*){0,6}/gu;
const wordOf = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

/** Names with what is asked of them, `a.b` or `a::b`, from the cursor upwards. Each word's index is its place in the line. */
function* chainsOf(imports: readonly ImportedName[], near: readonly string[], first: number): Generator<{ words: RegExpExecArray[]; line: number }> {
  for (let index = near.length - 1; index >= 0; index--) {
    const line = first + index;
    const text = near[index] ?? '';
    if (text.length > longestLine || imports.some(({ lines }) => lines[0] <= line && line <= lines[1])) continue;
    for (const { 0: found, index: start } of text.matchAll(chain)) {
      // A member of something else; `...` only spreads.
      if (text[start - 1] === '.' && text.slice(start - 3, start) !== '...') continue;
      const words = [...found.matchAll(wordOf)];
      for (const word of words) word.index += start;
      yield { words, line };
    }
  }
}
