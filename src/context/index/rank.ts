/** What lifts a file above what its words alone are worth, and why it was found. Pure. */
import type { Why } from '../../protocol/indexer.ts';

/** By how much of its score a file is lifted; all that hold are added. */
const lift = { name: 1.5, anotherName: 0.3, open: 0.5, imported: 0.4, recent: 0.3 } as const;
/** What tests are worth to a question about them, and to any other, which is better answered by what they test. */
const testShare = { asked: 2, otherwise: 0.6 } as const;
const testLike = /(?:^|\/)(?:__tests__|tests?|specs?|fixtures?|__mocks__)\/|[._-](?:test|spec)s?\.[a-z]+$|(?:^|\/)test_[^/]*$|_test\.[a-z]+$/i;

export interface Circumstances {
  /** By file, the names in the question that it defines, or that are its own. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  readonly open: ReadonlySet<string>;
  /** The latest first. */
  readonly recent: readonly string[];
  /** By file, the open file that imports it, as it is shown. */
  readonly imported: ReadonlyMap<string, string>;
  /** The question is about tests. */
  readonly tests: boolean;
}

export function looksLikeTest(path: string): boolean {
  return testLike.test(path);
}

/** What the score of a file is multiplied with. @param test the file holds tests */
export function factorOf(id: string, test: boolean, { named, open, recent, imported, tests }: Circumstances): number {
  const names = named.get(id)?.length ?? 0;
  const place = recent.indexOf(id);
  const lifted =
    1 +
    (names > 0 ? lift.name + lift.anotherName * Math.min(2, names - 1) : 0) +
    (open.has(id) ? lift.open : 0) +
    (imported.has(id) ? lift.imported : 0) +
    (place < 0 ? 0 : lift.recent * (1 - place / recent.length));
  return test ? lifted * (tests ? testShare.asked : testShare.otherwise) : lifted;
}

/** @param words of the question that stand in the file */
export function reasonsFor(id: string, words: readonly string[], { named, open, recent, imported }: Circumstances): Why[] {
  const by = imported.get(id);
  return [
    ...(named.get(id) ?? []).map((symbol) => ({ kind: 'names' as const, symbol })),
    ...(open.has(id) ? [{ kind: 'open' as const }] : []),
    ...(by === undefined ? [] : [{ kind: 'imported' as const, by }]),
    ...(recent.includes(id) && !open.has(id) ? [{ kind: 'recent' as const }] : []),
    ...(words.length > 0 ? [{ kind: 'words' as const, words: [...words] }] : []),
  ];
}

/** Those without a word of the question that may be meant all the same: what is open, what that imports, what was edited of late. */
export function bystanders({ open, imported, recent }: Circumstances): string[] {
  return [...new Set([...open, ...imported.keys(), ...recent])];
}
