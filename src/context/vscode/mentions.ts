/** The menu that opens at `@`: what there is to choose from. */
import path from 'node:path/posix';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { inTime } from '../../base/async.ts';
import type { MentionGroup, MentionState } from '../../protocol/webview.ts';
import { attachmentId, parentPath, type Attachment } from '../attachment.ts';
import { currentFile, currentSelection } from './offers.ts';
import { findSymbols, symbolAttachment } from './symbols.ts';
import { filesInTabs } from './tabs.ts';
import type { MatchingPath, WorkspaceIndex } from './workspace-index.ts';

/** Lines of each group. */
const mostFiles = 12;
const mostSymbols = 6;
/** How long the index may take, ms, while its thread starts or is busy. */
const patience = 1500;
/** Shorter queries name every other symbol. */
const shortestSymbol = 2;

type Choice = Attachment | (() => Promise<Attachment>);

export class Mentions {
  /** What was offered last, by id. */
  #choices = new Map<string, Choice>();
  #asked = 0;

  constructor(
    private readonly index: WorkspaceIndex,
    /** Of what has been counted before, by id. */
    private readonly tokensOf: (id: string) => number | undefined,
  ) {}

  async find(query: string): Promise<readonly MentionGroup[]> {
    const asked = ++this.#asked;
    const choices = new Map<string, Choice>();
    const line = (id: string, choice: Choice, rest: Omit<MentionState, 'id'>): MentionState => {
      choices.set(id, choice);
      const tokens = this.tokensOf(id);
      return { id, ...rest, ...(tokens === undefined ? {} : { tokens }) };
    };
    const [files, symbols] = await Promise.all([this.#files(query, line), this.#symbols(query, line)]);
    const groups = [
      { title: l10n.t('Context'), items: places(query, line) },
      { title: l10n.t('Files and folders'), items: files },
      { title: l10n.t('Symbols'), items: symbols },
    ];
    // An answer that comes late must not take away what a later one has offered.
    if (asked === this.#asked) this.#choices = choices;
    return groups.filter(({ items }) => items.length > 0);
  }

  async attachmentOf(id: string): Promise<Attachment | undefined> {
    const choice = this.#choices.get(id);
    return typeof choice === 'function' ? choice() : choice;
  }

  async #files(query: string, line: Line): Promise<MentionState[]> {
    const found = await this.#paths(query);
    return found.map(({ uri, path: whole, kind, matches }) => {
      const label = path.basename(whole);
      const start = whole.length - label.length;
      const attachment = { kind, uri: uri.toString() };
      return line(attachmentId(attachment), attachment, {
        kind,
        label,
        detail: parentPath(whole),
        matches: matches.filter((offset) => offset >= start).map((offset) => offset - start),
        insert: `${label} `,
      });
    });
  }

  /** Before a query, what lies at hand; while the index is being built, what VS Code finds. */
  async #paths(query: string): Promise<readonly MatchingPath[]> {
    if (query === '') return filesInTabs().filter((uri) => vscode.workspace.getWorkspaceFolder(uri)).slice(0, mostFiles).map(asMatch);
    const found = vscode.workspace.isTrusted ? await inTime(this.index.paths(query, mostFiles), patience, []) : [];
    if (found.length > 0 || this.index.state.kind === 'ready') return found;
    const escaped = query.replace(/[[\]{}*?!\\]/g, '?');
    const uris = await vscode.workspace.findFiles(`**/*${escaped}*`, undefined, mostFiles);
    return uris.map(asMatch);
  }

  async #symbols(query: string, line: Line): Promise<MentionState[]> {
    if (query.length < shortestSymbol) return [];
    return (await findSymbols(query, mostSymbols)).map((symbol) => {
      const { name, uri, range } = symbol;
      const detail = `${path.basename(uri.path)}:${String(range.start.line + 1)}`;
      const id = `symbol:${uri.toString()}#${String(range.start.line)}:${name}`;
      return line(id, () => symbolAttachment(symbol), { kind: 'symbol', label: name, detail, matches: prefixOffsets(name, query) ?? [], insert: `${name} ` });
    });
  }
}

function asMatch(uri: vscode.Uri): MatchingPath {
  return { uri, path: vscode.workspace.asRelativePath(uri), kind: 'file', matches: [] };
}

type Line = (id: string, choice: Choice, rest: Omit<MentionState, 'id'>) => MentionState;

/** What is no file: named in the user's language, and found by its English name as well. */
function places(query: string, line: Line): MentionState[] {
  const selection = currentSelection();
  const file = currentFile();
  const all: { readonly attachment: Attachment; readonly label: string; readonly name: string; readonly detail?: string }[] = [
    ...(file ? [{ attachment: file, label: l10n.t('Current file'), name: 'file', detail: vscode.workspace.asRelativePath(vscode.Uri.parse(file.uri)) }] : []),
    ...(selection ? [{ attachment: selection, label: l10n.t('Selection'), name: 'selection', detail: selection.label }] : []),
    { attachment: { kind: 'workspace' }, label: l10n.t('Workspace'), name: 'workspace', detail: l10n.t('Files that fit the question') },
    { attachment: { kind: 'editors' }, label: l10n.t('Open editors'), name: 'editors' },
    { attachment: { kind: 'problems' }, label: l10n.t('Problems'), name: 'problems' },
    { attachment: { kind: 'diff' }, label: l10n.t('Changes'), name: 'diff', detail: l10n.t('Not committed yet') },
  ];
  return all.flatMap(({ attachment, label, name, detail }) => {
    const matches = prefixOffsets(label, query) ?? (prefixOffsets(name, query) ? [] : undefined);
    if (!matches) return [];
    const rest = { kind: attachment.kind, label, matches, insert: '', ...(detail === undefined ? {} : { detail }) };
    return [line(attachmentId(attachment), attachment, rest)];
  });
}

/** Offsets of the query at the beginning of a word; undefined where it is none. */
function prefixOffsets(text: string, query: string): number[] | undefined {
  const lower = text.toLowerCase();
  const wanted = query.toLowerCase();
  const at = lower.startsWith(wanted) ? 0 : lower.indexOf(` ${wanted}`) + 1;
  if (at === 0 && !lower.startsWith(wanted)) return undefined;
  return Array.from(wanted, (_, index) => at + index);
}
