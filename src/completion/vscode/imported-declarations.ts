/** Declarations of what a file imports, as VS Code's language services find them. */
import * as vscode from 'vscode';
import type { Logger } from '../../base/log.ts';
import { declarationLines, outlineByIndentation, type Outline } from '../neighbours/declarations.ts';
import { excerptOf, type Excerpt } from '../neighbours/excerpts.ts';
import { importedNames, importLines, type ImportedName } from '../neighbours/imports.ts';
import { nearLines, questionsOf, type Question } from '../neighbours/uses.ts';
import type { FileText, ReadableFiles } from '../../context/vscode/readable-files.ts';
import { rangeOf, symbolsAround, symbolsOf, type AnySymbol } from '../../context/vscode/symbols.ts';

/** Names that are asked for at a time. */
const mostQuestions = 12;
/** How long an answer holds, and one that found nothing: a language service may still be starting. ms */
const lifetime = 60_000;
const emptyLifetime = 5_000;
/** A language service that has not answered by now is asked again, ms. */
const patience = 30_000;
/** What has not been answered by now is no longer waited for, ms. */
const promptness = 250;
/** Answers that are kept; the oldest go first. */
const capacity = 300;
/** Questions that come at once look at a file once, ms. */
const shared = 2_000;

interface Found {
  readonly excerpt: Excerpt;
  readonly uri: vscode.Uri;
  readonly version: number | undefined;
}

interface Answer {
  readonly since: number;
  /** The last answer counts until the new one has come. */
  readonly found: Found | undefined;
  readonly pending: Promise<void> | undefined;
}

interface Target extends FileText {
  readonly symbols: readonly AnySymbol[];
}

export class ImportedDeclarations {
  readonly #answers = new Map<string, Answer>();
  readonly #targets = new Map<string, { readonly since: number; readonly target: Promise<Target | undefined> }>();
  #imports: { readonly head: string; readonly language: string; readonly names: readonly ImportedName[] } = { head: '', language: '', names: [] };

  constructor(private readonly options: { readonly files: ReadableFiles; readonly logger: Logger }) {}

  /**
   * Asks for what is not known yet.
   * @returns `known` gives what has come so far, the most useful first; `all` resolves when there is nothing more to wait
   * for, and never rejects
   */
  near(document: vscode.TextDocument, position: vscode.Position): { readonly known: () => Excerpt[]; readonly all: Promise<unknown> } {
    const { files } = this.options;
    const questions = this.#questions(document, position);
    const keyOf = ({ key }: Question): string => `${files.generation}\n${document.uri.toString()}\n${key}`;
    const pending = questions.flatMap((question) => (question.unfinished ? [] : (this.#ask(document.uri, question.place, keyOf(question)) ?? [])));
    return {
      known: () => questions.flatMap((question) => this.#answers.get(keyOf(question))?.found?.excerpt ?? []),
      all: Promise.all(pending),
    };
  }

  #questions(document: vscode.TextDocument, position: vscode.Position): Question[] {
    const head = document.getText(new vscode.Range(0, 0, importLines, 0));
    const language = document.languageId;
    if (head !== this.#imports.head || language !== this.#imports.language) this.#imports = { head, language, names: importedNames(head, language) };
    const first = Math.max(0, position.line - nearLines);
    const near = Array.from({ length: position.line - first + 1 }, (_, index) => document.lineAt(first + index).text);
    return questionsOf(this.#imports.names, near, position, language, mostQuestions);
  }

  #ask(uri: vscode.Uri, { line, character }: Question['place'], key: string): Promise<void> | undefined {
    const known = this.#answers.get(key);
    // One that is slow is waited for once, not at each key.
    if (known && isFresh(known)) return Date.now() - known.since < promptness ? known.pending : undefined;
    const since = Date.now();
    const settle = (found: Found | undefined): void => this.#keep(key, { since, found, pending: undefined });
    const pending = this.#answer(uri, new vscode.Position(line, character)).then(settle, (error: unknown) => {
      this.options.logger.debug(`Looking for a declaration: ${error instanceof Error ? error.message : String(error)}`);
      settle(undefined);
    });
    this.#keep(key, { since, found: known?.found, pending });
    return pending;
  }

  #keep(key: string, answer: Answer): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    for (const oldest of [...this.#answers.keys()].slice(0, Math.max(0, this.#answers.size - capacity))) this.#answers.delete(oldest);
  }

  async #answer(uri: vscode.Uri, position: vscode.Position): Promise<Found | undefined> {
    const places = await vscode.commands.executeCommand<readonly (vscode.Location | vscode.LocationLink)[] | undefined>('vscode.executeDefinitionProvider', uri, position);
    for (const place of (places ?? []).slice(0, 3)) {
      const [there, range] = 'targetUri' in place ? [place.targetUri, place.targetSelectionRange ?? place.targetRange] : [place.uri, place.range];
      if (there.toString() === uri.toString()) continue;
      const target = await this.#target(there);
      const outline = target && outlineOf(target, range.start);
      if (outline) return { excerpt: excerptOf(target.path, target.lines, declarationLines(target.lines, outline)), uri: there, version: target.version };
    }
    return undefined;
  }

  #target(uri: vscode.Uri): Promise<Target | undefined> {
    const key = `${this.options.files.generation}\n${uri.toString()}\n${versionOf(uri) ?? ''}`;
    const known = this.#targets.get(key);
    if (known && Date.now() - known.since < shared) return known.target;
    for (const [old, { since }] of this.#targets) if (Date.now() - since >= shared) this.#targets.delete(old);
    const target = this.#readTarget(uri);
    this.#targets.set(key, { since: Date.now(), target });
    return target;
  }

  async #readTarget(uri: vscode.Uri): Promise<Target | undefined> {
    // Whether it may be read comes first: asking for symbols would load it.
    const file = await this.options.files.read(uri);
    if (!file) return undefined;
    return { ...file, symbols: await symbolsOf(uri) };
  }
}

function isFresh({ since, found, pending }: Answer): boolean {
  const age = Date.now() - since;
  if (pending) return age < patience;
  if (!found) return age < emptyLifetime;
  return age < lifetime && (versionOf(found.uri) ?? found.version) === found.version;
}

function versionOf(uri: vscode.Uri): number | undefined {
  return vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString())?.version;
}

/** Undefined for a module, which is all of its file. */
function outlineOf({ symbols, lines }: Target, position: vscode.Position): Outline | undefined {
  const symbol = symbolsAround(symbols, (range) => range.contains(position)).at(-1);
  if (symbol) return toOutline(symbol);
  return position.line === 0 && position.character === 0 ? undefined : outlineByIndentation(lines, position.line);
}

function toOutline(symbol: AnySymbol): Outline {
  const children = 'children' in symbol ? symbol.children.map(toOutline) : [];
  const { start, end } = rangeOf(symbol);
  // A range up to the beginning of a line does not have that line.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return { kind: kindOf(symbol.kind, children), start: start.line, end: last, children };
}

function kindOf(kind: vscode.SymbolKind, children: readonly Outline[]): Outline['kind'] {
  const { Function: plain, Method, Constructor, Operator } = vscode.SymbolKind;
  if ([plain, Method, Constructor, Operator].includes(kind)) return 'routine';
  return children.length > 0 || [vscode.SymbolKind.Class, vscode.SymbolKind.Interface, vscode.SymbolKind.Struct, vscode.SymbolKind.Enum].includes(kind) ? 'type' : 'other';
}
