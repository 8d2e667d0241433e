/** Which address is asked next: of those that may still have the file, the one that may be asked soonest. Pure. */
import type { PonderError } from '../../base/errors.ts';

/** Where a file can be had. */
export interface Source {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Asked once, before its first use: whether it has the same file as the others.
   * @throws PonderError if it does not; anything else where that cannot be told now
   */
  readonly vouch?: (signal: AbortSignal) => Promise<void>;
}

export interface Candidate {
  readonly source: Source;
  /** Not to be asked before, ms on any clock. */
  notBefore: number;
  vouched: boolean;
  /** It has refused to send parts. */
  whole: boolean;
}

export class Sources {
  readonly #left: Candidate[];
  readonly #errors: PonderError[] = [];

  /** @param first index of the one to begin with */
  constructor(sources: readonly Source[], first: number) {
    const at = sources.length > 0 ? first % sources.length : 0;
    this.#left = [...sources.slice(at), ...sources.slice(0, at)].map((source) => ({ source, notBefore: 0, vouched: source.vouch === undefined, whole: false }));
  }

  get count(): number {
    return this.#left.length;
  }

  /** The next one; undefined when none is left. One that is down may have a mirror that is up. */
  next(): Candidate | undefined {
    return this.#left.toSorted((a, b) => a.notBefore - b.notBefore)[0];
  }

  drop(candidate: Candidate, error: PonderError): void {
    this.#left.splice(this.#left.indexOf(candidate), 1);
    this.#errors.push(error);
  }

  /** Why none is left: one that wants a token can be helped, else what the first one said. */
  get error(): PonderError | undefined {
    return this.#errors.find(({ code }) => code === 'download-refused') ?? this.#errors[0];
  }
}
