/** Where a completion ends by its syntax. Import it only when a completion is asked for: start-up has no time for it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as TreeSitter from '@vscode/tree-sitter-wasm';
import type { Hole } from './hole.ts';
import { languageOf, type Language } from './syntax/languages.ts';
import type { Reader } from './syntax/reading.ts';
import { endOf, mayEnd } from './syntax/stop.ts';
import { vocabularyOf } from './syntax/waiting.ts';

/** Where a text ends by its syntax. */
export interface SyntaxStop {
  /** UTF-16 units of the text that belong to the construct the cursor is in; undefined while its end has not been seen. */
  endOf(text: string, hole: Hole): number | undefined;
}

/** Judges the ends that others propose too. */
export interface SyntaxJudge extends SyntaxStop {
  /**
   * Whether the text may end after so many UTF-16 units: not within a string, a bracket or a block that it has begun.
   * True where the syntax cannot tell.
   */
  mayEnd(text: string, hole: Hole, end: number): boolean;
}

/** Grammars by VS Code's language id, each loaded once, when it is first asked for. */
export class Grammars {
  readonly #directory: string;
  readonly #onFailure: (message: string) => void;
  readonly #patience: number;
  readonly #stops = new Map<string, Promise<Stop | undefined>>();
  #library: Promise<typeof TreeSitter> | undefined;
  #disposed = false;

  /**
   * @param directory absolute; has tree-sitter.js, tree-sitter.wasm and the grammars
   * @param patience longest time for one parse, milliseconds: it takes two or three, as a rule, and someone is typing
   */
  constructor(directory: string, onFailure: (message: string) => void = () => undefined, patience = 100) {
    this.#directory = directory;
    this.#onFailure = onFailure;
    this.#patience = patience;
  }

  /** Undefined where there is no grammar, or it could not be loaded. Never rejects. */
  async stopFor(language: string): Promise<SyntaxJudge | undefined> {
    const known = languageOf(language);
    if (!known || this.#disposed) return undefined;
    let stop = this.#stops.get(known.grammar);
    if (!stop) {
      stop = this.#load(known);
      this.#stops.set(known.grammar, stop);
    }
    const loaded = await stop;
    return this.#stops.has(known.grammar) ? loaded : undefined;
  }

  dispose(): void {
    this.#disposed = true;
    for (const stop of this.#stops.values()) void stop.then((loaded) => loaded?.dispose());
    this.#stops.clear();
  }

  async #load(language: Language): Promise<Stop | undefined> {
    const report = (error: unknown): void => this.#onFailure(`tree-sitter, ${language.grammar}: ${error instanceof Error ? error.message : String(error)}`);
    try {
      this.#library ??= load(this.#directory);
      const { Language: Grammar, Parser } = await this.#library;
      const grammar = await Grammar.load(await readFile(path.join(this.#directory, `tree-sitter-${language.grammar}.wasm`)));
      return new Stop({ parser: new Parser().setLanguage(grammar), language, vocabulary: vocabularyOf(grammar, language), patience: this.#patience }, report);
    } catch (error) {
      report(error);
      return undefined;
    }
  }
}

async function load(directory: string): Promise<typeof TreeSitter> {
  const wasmBinary = await readFile(path.join(directory, 'tree-sitter.wasm'));
  const library = createRequire(path.join(directory, 'tree-sitter.js'))('./tree-sitter.js') as typeof TreeSitter;
  // Given its binary, it reads no file by itself; its complaints arrive here as errors anyway.
  const options = { wasmBinary, locateFile: (file: string) => path.join(directory, file), printErr: () => undefined };
  await library.Parser.init(options);
  return library;
}

class Stop implements SyntaxJudge {
  #reader: Reader | undefined;
  readonly #onFailure: (error: unknown) => void;

  constructor(reader: Reader, onFailure: (error: unknown) => void) {
    this.#reader = reader;
    this.#onFailure = onFailure;
  }

  endOf(text: string, hole: Hole): number | undefined {
    return this.#ask((reader) => endOf(reader, text, hole));
  }

  mayEnd(text: string, hole: Hole, end: number): boolean {
    return this.#ask((reader) => mayEnd(reader, text, hole, end)) ?? true;
  }

  dispose(): void {
    this.#reader?.parser.delete();
    this.#reader = undefined;
  }

  /** After an error WebAssembly is in no known state: the language does without its grammar from then on. */
  #ask<T>(question: (reader: Reader) => T): T | undefined {
    if (!this.#reader) return undefined;
    try {
      return question(this.#reader);
    } catch (error) {
      this.#reader = undefined;
      this.#onFailure(error);
      return undefined;
    }
  }
}
