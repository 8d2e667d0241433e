/** What the editor knows about code: its problems, what the names in it stand for. */
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { inTime } from '../../base/async.ts';
import { formatItem } from '../../context/format.ts';
import type { ContextItem } from '../../context/item.ts';
import { problemLine } from '../../context/problem-line.ts';
import type { TokenCounts } from '../../context/token-counts.ts';
import type { ReadableFiles } from '../../context/vscode/readable-files.ts';
import { leadingStart, type Block } from '../enclosing-block.ts';
import { hoverText } from '../hover-text.ts';
import { identifiersIn, type Identifier } from '../identifiers.ts';
import type { Target } from '../target.ts';
import { problemsIn } from './problems.ts';
import { outlineOf, symbolAround } from './symbols.ts';

export interface KnowledgeOptions {
  readonly backend: Pick<Backend, 'state'>;
  readonly counts: TokenCounts;
  readonly files: Pick<ReadableFiles, 'read'>;
}

export interface KnowledgeLimits {
  /** Of all that is known together. */
  readonly tokens: number;
  /** Within which language services have to answer: the first word of an answer waits for them. */
  readonly ms: number;
  /** Of the target, lines whose names matter; absent: all of them. */
  readonly within?: Block;
}

/** A language service answers one after the other. */
const mostNames = 16;
const longestDefinition = 40;
/** Counting waits for the engine, which may be busy; ms. */
const countingPatience = 300;
/** Characters of code that make a token at least, where no model is there to count. */
const charactersPerToken = 3;

/** Best first, as far as it fits. Never rejects; knows the less, the longer language services take. */
export async function knowledgeOf(target: Target, limits: KnowledgeLimits, options: KnowledgeOptions): Promise<ContextItem[]> {
  const uri = vscode.Uri.parse(target.uri);
  const range = new vscode.Range(target.start, 0, Math.max(target.start, target.end - 1), Number.MAX_SAFE_INTEGER);
  const problems = problemsIn(uri, range).map((problem) => `${problemLine(target.path, problem)}\n`);
  const { start, end } = limits.within ?? target;
  const names = identifiersIn(target.lines.slice(start, end), start, mostNames);
  const known = new Known(target, uri, options.files, limits.ms);
  await inTime(Promise.all(names.map((name, rank) => known.look(name, rank))), limits.ms, []);
  const { definitions, notes } = known;
  const items: ContextItem[] = [
    ...(problems.length > 0 ? [{ kind: 'problems' as const, path: target.path, content: problems.join('') }] : []),
    ...definitions.slice(0, 2),
    ...(notes.length > 0 ? [{ kind: 'notes' as const, path: target.path, content: `${notes.join('\n')}\n` }] : []),
    ...definitions.slice(2),
  ];
  return fitting(items, limits.tokens, options);
}

/** What has been found so far; what comes too late is not waited for. */
class Known {
  readonly #definitions = new Map<number, ContextItem>();
  readonly #hovers = new Map<number, string>();

  constructor(
    private readonly target: Target,
    private readonly uri: vscode.Uri,
    private readonly files: Pick<ReadableFiles, 'read'>,
    private readonly ms: number,
  ) {}

  /** Each place once. */
  get definitions(): ContextItem[] {
    const items = inOrder(this.#definitions).map(([, item]) => item);
    return items.filter((item, index) => items.findIndex((other) => other.path === item.path && other.lines?.start === item.lines?.start) === index);
  }

  /** Of names whose definition is not shown. */
  get notes(): string[] {
    return inOrder(this.#hovers).flatMap(([rank, text]) => (this.#definitions.has(rank) ? [] : [text]));
  }

  async look({ name, line, character }: Identifier, rank: number): Promise<void> {
    const at = new vscode.Position(line, character);
    const ask = <T>(command: string): Promise<readonly T[]> =>
      Promise.resolve(vscode.commands.executeCommand<readonly T[] | undefined>(command, this.uri, at)).then(
        (found) => found ?? [],
        () => [],
      );
    await Promise.all([
      ask<vscode.Location | vscode.LocationLink>('vscode.executeDefinitionProvider').then(async ([first]) => {
        const item = first && (await this.#definition(first));
        if (item) this.#definitions.set(rank, item);
      }),
      ask<vscode.Hover>('vscode.executeHoverProvider').then((hovers) => {
        const text = hoverText(hovers.flatMap(({ contents }) => contents.flatMap((part) => (part instanceof vscode.MarkdownString ? [part.value] : []))));
        if (text !== '') this.#hovers.set(rank, `${name}: ${text}`);
      }),
    ]);
  }

  async #definition(place: vscode.Location | vscode.LocationLink): Promise<ContextItem | undefined> {
    const uri = 'targetUri' in place ? place.targetUri : place.uri;
    const range = 'targetUri' in place ? place.targetRange : place.range;
    const { target } = this;
    const here = uri.toString() === target.uri;
    // In a workspace that is not trusted, nothing is read but what the user pointed at.
    if (!here && !vscode.workspace.isTrusted) return undefined;
    if (here && overlaps(range, target)) return undefined;
    const file = here ? target : await this.files.read(uri);
    if (!file) return undefined;
    const { lines } = file;
    const whole = range.isSingleLine ? (symbolAround(await outlineOf(uri, this.ms), range.start.line, ({ start }) => start.line)?.range ?? range) : range;
    if (here && overlaps(whole, target)) return undefined;
    const start = leadingStart(lines, whole.start.line);
    const end = Math.min(lines.length, whole.end.line + 1, start + longestDefinition);
    return { kind: 'symbol', path: file.path, content: lines.slice(start, end).join('\n'), lines: { start: start + 1, end } };
  }
}

function overlaps({ start, end }: vscode.Range, target: Target): boolean {
  return start.line < target.end && target.start <= end.line;
}

function inOrder<T>(found: ReadonlyMap<number, T>): [number, T][] {
  return [...found].toSorted(([a], [b]) => a - b);
}

async function fitting(items: readonly ContextItem[], tokens: number, { backend, counts }: KnowledgeOptions): Promise<ContextItem[]> {
  const texts = items.map(formatItem);
  const estimates = texts.map((text) => Math.ceil(text.length / charactersPerToken));
  // Counting loads no model; the question does, a moment later.
  const counted = backend.state.kind === 'ready' ? await inTime(counts.all(texts), countingPatience, estimates).catch(() => estimates) : estimates;
  let left = tokens;
  return items.filter((_, index) => {
    const size = counted[index] ?? 0;
    if (size > left) return false;
    left -= size;
    return true;
  });
}
