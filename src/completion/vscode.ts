/** The door of the completion room: the provider, its commands, what the status bar says of it. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Backend } from '../backends/backend.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { toPonderError, type PonderError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { setContextKey, type CommandTable } from '../host/commands.ts';
import { contextKeys } from '../host/manifest.ts';
import { onDidChangeSettings, readSettings, writeSetting } from '../host/settings.ts';
import { Completer, type Clock, type Place } from './completer.ts';
import type { Hole } from './hole.ts';
import { holesVersion } from './self-test-holes.ts';
import { statusView, type Silence, type Situation, type StatusView } from './status.ts';
import { StrategyChoice } from './strategy-choice.ts';
import { strategies, type Scores, type Strategy } from './strategy.ts';
import type { Grammars, SyntaxJudge } from './syntax.ts';
import { holeAt } from './vscode/hole-at.ts';
import { pickSnooze, showMenu } from './vscode/menu.ts';
import { Neighbourhood } from './vscode/neighbours.ts';

export interface CompletionOptions {
  readonly backend: Backend;
  readonly logger: Logger;
  /** Where test results of models are kept. */
  readonly memory: vscode.Memento;
  /** Absolute path of the grammars. */
  readonly grammars: string;
  readonly errorSentence: (error: PonderError) => string;
  /** Puts it into the status bar. */
  readonly showStatus: (view: StatusView) => void;
}

export type CompletionCommand =
  | 'ponder.completionMenu'
  | 'ponder.completeHere'
  | 'ponder.toggleCompletions'
  | 'ponder.toggleCompletionsForLanguage'
  | 'ponder.snoozeCompletions'
  | 'ponder.testCompletions'
  | 'ponder.dismissCompletion';

interface CompletionSettings {
  readonly enabled: boolean;
  readonly manual: boolean;
  readonly strategy: Strategy | 'auto';
  /** Absolute path of the model that completes; empty: none. */
  readonly model: string;
}

/** What is no document of the user's: logs, and fields that look like editors. */
const notDocuments = new Set(['output', 'vscode-scm', 'comment', 'vscode-terminal', 'vscode-chat-code-block', 'chat-editing-text-model', 'vscode-settings']);
/** What asks so long after the last key, ms, was not typed: it loads no model. */
const afterTyping = 3000;
/** In a pause of so long, ms, what the next key will need is read ahead. */
const idle = 1500;

const scoresSchema = v.record(v.string(), v.partial(v.object(Object.fromEntries(strategies.map((name) => [name, v.number()])))));
const scoresKey = `completion.scores.${String(holesVersion)}`;

const clock: Clock = {
  now: () => performance.now(),
  delay: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

export function register(options: CompletionOptions): Disposable & { readonly commands: Pick<CommandTable, CompletionCommand> } {
  return new Completions(options);
}

class Completions implements vscode.InlineCompletionItemProvider, Disposable {
  readonly #disposables = new DisposableStore();
  readonly #neighbourhood: Neighbourhood;
  readonly #choice: StrategyChoice;
  readonly #completer: Completer;
  #grammars: Promise<Grammars> | undefined;
  #busy = false;
  #last: Situation['last'];
  #snooze: { readonly until: Date; readonly timer: NodeJS.Timeout } | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** The last key that changed a document. */
  #typed: { readonly document: vscode.TextDocument; readonly at: number } | undefined;
  /** Settings by language, '' for none: reading them costs more than all else that a key does. */
  readonly #settings = new Map<string, CompletionSettings>();
  #settingsInUse = '';

  constructor(private readonly options: CompletionOptions) {
    const { backend, logger } = options;
    this.#neighbourhood = this.#disposables.add(new Neighbourhood({ logger }));
    this.#choice = this.#disposables.add(
      new StrategyChoice({
        backend,
        clock,
        logger,
        wanted: () => this.#settingsOf(undefined).strategy,
        recall: (fingerprint) => this.#scores()[fingerprint],
        remember: async (fingerprint, scores) => options.memory.update(scoresKey, { ...this.#scores(), [fingerprint]: scores }),
        onDidChange: () => this.#refresh(),
      }),
    );
    this.#completer = new Completer({
      backend,
      clock,
      strategy: () => this.#choice.strategy(),
      syntax: (language) => this.#syntax(language),
      onBusy: (busy) => {
        this.#busy = busy;
        setContextKey(contextKeys.completing, busy);
        this.#refresh();
      },
    });
    for (const disposable of [
      vscode.languages.registerInlineCompletionItemProvider({ pattern: '**' }, this),
      vscode.window.onDidChangeTextEditorSelection((event) => this.#onMove(event.textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        this.#completer.dismiss();
        this.#last = undefined;
        this.#refresh();
        if (editor) this.#onMove(editor);
      }),
      vscode.workspace.onDidCloseTextDocument(() => this.#abortIfGone()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
        // What was undone, or read anew from the disk, was not typed.
        if (contentChanges.length > 0 && reason === undefined && document.isDirty && document === vscode.window.activeTextEditor?.document) this.#typed = { document, at: clock.now() };
      }),
      backend.onDidChangeState(() => this.#refresh()),
      onDidChangeSettings(() => this.#onSettings()),
    ]) {
      this.#disposables.add(disposable);
    }
    this.#settingsInUse = JSON.stringify(this.#settingsOf(undefined));
    this.#refresh();
  }

  readonly commands: Pick<CommandTable, CompletionCommand> = {
    'ponder.completionMenu': () => this.#menu(),
    'ponder.completeHere': async () => vscode.commands.executeCommand('editor.action.inlineSuggest.trigger'),
    'ponder.toggleCompletions': () => writeSetting('completion.enabled', !this.#settingsOf(undefined).enabled),
    'ponder.toggleCompletionsForLanguage': () => this.#toggleLanguage(),
    'ponder.snoozeCompletions': () => this.#askSnooze(),
    'ponder.testCompletions': () => this.#test(),
    'ponder.dismissCompletion': async () => {
      this.#completer.dismiss();
      await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
    },
  };

  async provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    { triggerKind, selectedCompletionInfo: selected }: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineCompletionItem[] | undefined> {
    const manual = triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
    if (notDocuments.has(document.uri.scheme) || this.#silence(document)) return undefined;
    if (!manual && (this.#settingsOf(document).manual || !this.#mayLoad(document))) return undefined;
    const chosen = selected && { text: selected.text, replaces: position.character - selected.range.start.character };
    const hole = holeAt({ document, position, indent: indentOf(document), chosen });
    if (!hole) {
      this.#finish({ kind: 'not-text' });
      return undefined;
    }
    this.#last = undefined;
    const aborter = new AbortController();
    const cancelling = token.onCancellationRequested(() => aborter.abort());
    const outcome = await this.#completer.complete({ place: this.#placeOf(document, position, hole), manual }, aborter.signal);
    cancelling.dispose();
    if (outcome.kind === 'cancelled') return undefined;
    this.#finish(outcome);
    if (outcome.kind !== 'text' || token.isCancellationRequested) return undefined;
    const range = new vscode.Range(selected?.range.start ?? position, position.translate(0, outcome.replaces));
    return [new vscode.InlineCompletionItem((chosen?.text ?? '') + outcome.text, range)];
  }

  dispose(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#snooze?.timer);
    this.#completer.dismiss();
    void this.#grammars?.then((grammars) => grammars.dispose());
    this.#disposables.dispose();
  }

  #finish(outcome: NonNullable<Situation['last']>): void {
    this.#last = outcome;
    if (outcome.kind === 'error') this.options.logger.warn(`completion: ${outcome.error.code}: ${outcome.error.message}`);
    this.#refresh();
  }

  #placeOf(document: vscode.TextDocument, position: vscode.Position, hole: Hole): Place {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    return {
      document: document.uri.toString(),
      path: vscode.workspace.asRelativePath(document.uri, false).replaceAll('\\', '/'),
      repository: folder?.name ?? path.basename(path.dirname(document.uri.path)),
      hole,
      neighbours: (budget, signal) => this.#neighbourhood.collect(document, position, budget, signal),
    };
  }

  /** A cursor that goes elsewhere wants no answer for where it was; one that rests will want another. */
  #onMove(editor: vscode.TextEditor): void {
    if (editor !== vscode.window.activeTextEditor) return;
    clearTimeout(this.#idle);
    if (this.#completer.counts.started === 0) return;
    this.#idle = setTimeout(() => this.#readAhead(editor), idle);
    if (!this.#busy) return;
    const hole = holeOf(editor);
    if (!hole || !editor.selection.isEmpty) this.#completer.dismiss();
    else this.#completer.moved(hole);
  }

  /** A model that was unloaded comes back when somebody types, not when an editor is only looked at. */
  #mayLoad(document: vscode.TextDocument): boolean {
    if (this.options.backend.loaded) return true;
    return this.#typed?.document === document && clock.now() - this.#typed.at < afterTyping;
  }

  #readAhead(editor: vscode.TextEditor): void {
    const { document, selection } = editor;
    if (!this.options.backend.loaded) return;
    if (editor !== vscode.window.activeTextEditor || notDocuments.has(document.uri.scheme) || this.#silence(document) || this.#settingsOf(document).manual) return;
    const hole = holeOf(editor);
    if (hole) void this.#completer.warm(this.#placeOf(document, selection.active, hole));
  }

  #abortIfGone(): void {
    if (this.#busy && !vscode.window.activeTextEditor) this.#completer.dismiss();
  }

  #onSettings(): void {
    this.#settings.clear();
    const inUse = JSON.stringify(this.#settingsOf(undefined));
    if (inUse !== this.#settingsInUse) {
      this.#completer.reset();
      this.#choice.reset();
      this.#last = undefined;
    }
    this.#settingsInUse = inUse;
    // Off means off: nothing runs, and no memory is held.
    if (!this.#settingsOf(undefined).enabled) {
      this.options.backend.closeInfill().catch((error: unknown) => this.options.logger.warn(toPonderError(error).message));
    }
    this.#refresh();
  }

  #settingsOf(document: vscode.TextDocument | undefined): CompletionSettings {
    const language = document?.languageId ?? '';
    const known = this.#settings.get(language);
    if (known) return known;
    const settings = readSettings(document && { languageId: language, uri: document.uri });
    const now: CompletionSettings = {
      enabled: settings['completion.enabled'],
      manual: settings['completion.trigger'] === 'manual',
      strategy: settings['completion.strategy'],
      model: settings['completion.modelPath'] || settings['model.path'],
    };
    this.#settings.set(language, now);
    return now;
  }

  #silence(document: vscode.TextDocument | undefined): Silence | undefined {
    const { state } = this.options.backend;
    if (state.kind === 'off') return { why: 'ponder-off' };
    const { enabled, model } = this.#settingsOf(document);
    if (!enabled) return document && this.#settingsOf(undefined).enabled ? { why: 'language', language: document.languageId } : { why: 'off' };
    if (this.#snooze) return { why: 'snoozed', until: this.#snooze.until.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) };
    if (model === '') return { why: 'no-model' };
    return state.kind === 'down' ? { why: 'engine-down' } : undefined;
  }

  #situation(): Situation {
    const document = vscode.window.activeTextEditor?.document;
    return {
      silence: this.#silence(document),
      manual: document !== undefined && this.#settingsOf(document).manual,
      loading: this.options.backend.state.kind === 'loading',
      busy: this.#busy,
      last: this.#last,
      error: this.#last?.kind === 'error' ? this.options.errorSentence(this.#last.error) : undefined,
      model: this.#choice.standing,
    };
  }

  #refresh(): void {
    this.options.showStatus(statusView(this.#situation()));
  }

  async #menu(): Promise<void> {
    const situation = this.#situation();
    await showMenu({
      reason: statusView(situation).lines.slice(0, 1).join(''),
      language: vscode.window.activeTextEditor?.document.languageId,
      snoozed: this.#snooze !== undefined,
      model: situation.model,
      snooze: () => this.#askSnooze(),
      wake: () => this.#wake(),
    });
  }

  async #askSnooze(): Promise<void> {
    const minutes = await pickSnooze();
    if (minutes === undefined) return;
    this.#wake();
    this.#completer.dismiss();
    await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
    const ms = minutes * 60_000;
    this.#snooze = { until: new Date(Date.now() + ms), timer: setTimeout(() => this.#wake(), ms) };
    this.#refresh();
  }

  #wake(): void {
    clearTimeout(this.#snooze?.timer);
    this.#snooze = undefined;
    this.#refresh();
  }

  async #toggleLanguage(): Promise<void> {
    const languageId = vscode.window.activeTextEditor?.document.languageId;
    if (languageId === undefined) {
      void vscode.window.showInformationMessage(l10n.t('Open a file first: its language is what is turned on or off.'));
      return;
    }
    const wanted = !readSettings({ languageId })['completion.enabled'];
    // What is as it is everywhere needs no setting of its own, and goes along when that changes.
    await writeSetting('completion.enabled', wanted === this.#settingsOf(undefined).enabled ? undefined : wanted, languageId);
  }

  async #test(): Promise<void> {
    const { backend } = this.options;
    const progress = { location: vscode.ProgressLocation.Notification, title: l10n.t('Testing how the model completes best…') };
    await vscode.window.withProgress(progress, async () => this.#choice.test(await backend.ensureInfill()));
    void vscode.window.showInformationMessage(statusView(this.#situation()).lines.slice(1).join(' · '));
  }

  #scores(): Readonly<Record<string, Scores>> {
    const known = v.safeParse(scoresSchema, this.options.memory.get<unknown>(scoresKey));
    return known.success ? known.output : {};
  }

  async #syntax(language: string): Promise<SyntaxJudge | undefined> {
    this.#grammars ??= import('./syntax.ts').then(({ Grammars: Loaded }) => new Loaded(this.options.grammars, (message) => this.options.logger.warn(message)));
    return (await this.#grammars).stopFor(language);
  }
}

function holeOf({ document, selection }: vscode.TextEditor): Hole | undefined {
  return holeAt({ document, position: selection.active, indent: indentOf(document) });
}

/** As the editor indents. */
function indentOf(document: vscode.TextDocument): string {
  const { insertSpaces, tabSize } = vscode.window.visibleTextEditors.find((editor) => editor.document === document)?.options ?? {};
  return insertSpaces === false ? '\t' : ' '.repeat(typeof tabSize === 'number' ? tabSize : 4);
}
