/** What the bench is made of: rows with a target each, gathered in suites that share a setup. */

export interface Target {
  readonly relation: '>=' | '<' | '<=';
  readonly value: number;
}

export interface Row {
  /** "suite.what.unit" or the like; `--only` chooses by prefix. */
  readonly name: string;
  readonly unit: string;
  readonly target: Target;
}

export interface Measurement {
  /** Name of the row. */
  readonly row: string;
  readonly value: number;
  /** Under what conditions, and the figures behind the value. */
  readonly note: string;
}

/** What a suite needs beside the project's packages; scripts/bench.mjs installs it first. */
export type Need = 'browser' | 'vscode';

export interface BenchOptions {
  /** Absolute path of a GGUF file. */
  readonly modelPath: string;
  /** True for the tiny demonstration model, which runs with one thread on the CPU. */
  readonly tiny: boolean;
}

export interface Suite {
  readonly rows: readonly Row[];
  readonly needs: readonly Need[];
  /** Measures those of the suite's rows whose names are wanted. */
  measure(wanted: ReadonlySet<string>, options: BenchOptions): AsyncIterable<Measurement>;
}

export function meets({ relation, value: bound }: Target, value: number): boolean {
  switch (relation) {
    case '>=':
      return value >= bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
  }
}

export function describeTarget({ relation, value }: Target): string {
  return `${relation} ${String(value)}`;
}
