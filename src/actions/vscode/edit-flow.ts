/** Runs edits, one at a time: progress, the proposal as it grows, and what is said when none came about. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { untilAborted } from '../../base/async.ts';
import type { Disposable } from '../../base/disposable.ts';
import { isAbort, toPonderError, type PonderError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { ContextItem } from '../../context/item.ts';
import { setContextKey } from '../../host/commands.ts';
import { contextKeys } from '../../host/manifest.ts';
import { readSettings } from '../../host/settings.ts';
import { generationFor } from '../../models/vscode/generation.ts';
import type { EditEvent, EditRequest, RunEdit } from '../edit.ts';
import { Latest } from '../latest.ts';
import { sameLines } from '../lines.ts';
import type { Target } from '../target.ts';
import type { OpenReview, ProposedFile, Reviews } from './reviews.ts';
import { sayError, type WaysOut } from './say-error.ts';

export interface EditFlowOptions extends WaysOut {
  readonly backend: Backend;
  readonly logger: Logger;
  readonly runEdit: RunEdit;
  readonly reviews: Pick<Reviews, 'begin'>;
  readonly rules: () => Promise<readonly ContextItem[]>;
  readonly showAnswer: (question: string, answer: string, files: readonly ContextItem[]) => Promise<void>;
}

export interface Edit {
  /** While it is being made: "Refactoring function total (lines 10–24)". */
  readonly progress: string;
  /** What was asked for: "Refactor: rename total to sum". */
  readonly title: string;
  /** A file that is not there yet has no lines. */
  readonly target: Target;
  readonly instruction: string;
  readonly items: readonly ContextItem[];
}

/** Why an edit came to nothing. */
type Failure = { readonly answer: string } | { readonly error: PonderError };

export class EditFlow implements Disposable {
  #running: { readonly title: string; readonly aborter: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(private readonly options: EditFlowOptions) {}

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Resolves when the proposal is complete or there is none; what there is to say about that is on screen then, and
   * unanswered. While another edit is being made, first offers to stop that one.
   */
  async run(edit: Edit): Promise<void> {
    while (this.#running) {
      const stop = l10n.t('Stop it and go on');
      const running = this.#running;
      if ((await vscode.window.showInformationMessage(l10n.t('Ponder is still writing: {0}', running.title), stop)) !== stop) return;
      running.aborter.abort();
      await running.ended;
    }
    const aborter = new AbortController();
    const outcome = this.#show(edit, aborter);
    const ended = outcome.then(
      () => undefined,
      () => undefined,
    );
    this.#running = { title: edit.title, aborter, ended };
    setContextKey(contextKeys.editing, true);
    try {
      const failure = await outcome;
      if (failure) this.#unattended(this.#explain(edit, failure));
    } finally {
      this.#running = undefined;
      setContextKey(contextKeys.editing, false);
    }
  }

  /** Resolves when nothing is being written any more; what was accepted stays. */
  async stop(): Promise<void> {
    this.#running?.aborter.abort();
    await this.#running?.ended;
  }

  dispose(): void {
    this.#running?.aborter.abort();
  }

  /** Rejects with nothing; says what went wrong. */
  async #show(edit: Edit, aborter: AbortController): Promise<Failure | undefined> {
    const options = { location: vscode.ProgressLocation.Notification, title: edit.progress, cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => aborter.abort());
      let last = '';
      const say = (message: string): void => {
        if (message !== last) progress.report({ message });
        last = message;
      };
      try {
        return await this.#follow(edit, aborter, say);
      } catch (error) {
        return isAbort(error) ? undefined : { error: toPonderError(error) };
      }
    });
  }

  async #follow(edit: Edit, aborter: AbortController, say: (message: string) => void): Promise<Failure | undefined> {
    const { backend, reviews, rules, runEdit } = this.options;
    const uri = vscode.Uri.parse(edit.target.uri);
    let review: OpenReview | undefined;
    const proposals = new Latest<ProposedFile>(async (file) => {
      // Nothing is opened to show that nothing has changed.
      if (!review && sameLines(file.proposal, edit.target.lines)) return;
      review ??= reviews.begin(edit.title);
      await review.propose(file);
    });
    const withdraw = async (): Promise<void> => {
      // The proposal that is being shown may not come after it is taken back.
      await proposals.settled().catch(() => undefined);
      await review?.withdraw();
    };
    try {
      const thinking = readSettings({ uri, languageId: edit.target.languageId })['edits.thinking'];
      const { target, instruction, items } = edit;
      const thoughtSampling: EditRequest['thoughtSampling'] = async (model) => (await generationFor(model, true)).sampling;
      const request: EditRequest = { target, instruction, items, thinking, thoughtSampling, rules: vscode.workspace.isTrusted ? await rules() : [] };
      const original = target.lines.length > 0 ? target.lines : undefined;
      for await (const event of untilAborted(runEdit(backend, request, aborter.signal), aborter.signal)) {
        if (event.type === 'progress') say(stageWords(event));
        else if (event.type === 'proposal') proposals.offer({ uri, original, proposal: event.lines });
        else if (event.changed) {
          await proposals.settled();
          aborter.signal.throwIfAborted();
          review?.finish();
        } else {
          await withdraw();
          return { answer: event.answer };
        }
      }
      return undefined;
    } catch (error) {
      // Where showing failed, the model has no reason to go on.
      aborter.abort();
      await withdraw();
      throw error;
    }
  }

  async #explain(edit: Edit, failure: Failure): Promise<void> {
    if ('answer' in failure) {
      if (failure.answer.trim() === '') {
        void vscode.window.showInformationMessage(l10n.t('The model answered nothing. Ask again, or in other words.'));
        return;
      }
      await this.options.showAnswer(edit.title, failure.answer, edit.items);
      void vscode.window.showInformationMessage(l10n.t('No change could be made of the answer. It is in the chat.'));
      return;
    }
    const { error } = failure;
    this.options.logger.error(`edit: ${error.code}: ${error.message}`);
    if (await sayError(error, { ...this.options, errorSentence: (known) => this.#sentence(known) })) await this.run(edit);
  }

  #sentence(error: PonderError): string {
    if (error.code !== 'prompt-too-long') return this.options.errorSentence(error);
    const [tokens, window] = [Number(error.data['tokens']).toLocaleString(), Number(error.data['window']).toLocaleString()];
    return l10n.t('This is too much to change at once: {0} tokens, and the window has {1}. Select less.', tokens, window);
  }

  /** Messages wait for the user as long as it takes; nobody waits for them. */
  #unattended(work: Promise<void>): void {
    work.catch((error: unknown) => this.options.logger.error(`edit: ${String(error)}`));
  }
}

function stageWords({ stage, fraction }: Extract<EditEvent, { readonly type: 'progress' }>): string {
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100);
  switch (stage) {
    case 'loading':
      return percent === undefined ? l10n.t('Loading model') : l10n.t('Loading model {0} %', percent);
    case 'reading':
      return percent === undefined ? l10n.t('Reading') : l10n.t('Reading {0} %', percent);
    case 'thinking':
      return l10n.t('Thinking');
    case 'writing':
      return l10n.t('Writing');
  }
}
