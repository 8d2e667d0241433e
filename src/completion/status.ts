/** What the status bar says of completions: one word at a glance, the reason behind it. */
import * as l10n from '@vscode/l10n';
import type { Outcome } from './completer.ts';
import type { ModelStanding } from './strategy-choice.ts';
import type { Strategy } from './strategy.ts';

export type Silence =
  /** All of Ponder is. */
  | { readonly why: 'ponder-off' }
  | { readonly why: 'off' }
  | { readonly why: 'language'; readonly language: string }
  /** `until` as a time of day, for people. */
  | { readonly why: 'snoozed'; readonly until: string }
  | { readonly why: 'no-model' }
  | { readonly why: 'engine-down' };

export interface Situation {
  /** Why nothing is asked; undefined where it may be. */
  readonly silence: Silence | undefined;
  readonly manual: boolean;
  readonly loading: boolean;
  readonly busy: boolean;
  /** What became of the last request. */
  readonly last: Outcome | { readonly kind: 'not-text' } | undefined;
  /** In words, where the last request failed. */
  readonly error: string | undefined;
  readonly model: ModelStanding | undefined;
}

export interface StatusView {
  /** With a codicon. */
  readonly text: string;
  /** What a screen reader says of it. */
  readonly label: string;
  readonly lines: readonly string[];
  readonly warning: boolean;
}

export function statusView(situation: Situation): StatusView {
  const { icon, label, warning = false } = glance(situation);
  const lines = [label, ...(situation.silence ? [] : modelLines(situation))];
  return { text: `$(${icon}) Ponder`, label: l10n.t('Ponder completions: {0}', label), lines, warning };
}

function glance(situation: Situation): { readonly icon: string; readonly label: string; readonly warning?: boolean } {
  const { silence, loading, busy, manual } = situation;
  if (silence) return silent(silence);
  if (loading) return { icon: 'loading~spin', label: l10n.t('Loading the model…') };
  if (busy) return { icon: 'loading~spin', label: l10n.t('Completing…') };
  const reason = lastReason(situation);
  if (reason) return reason;
  return { icon: 'sparkle', label: manual ? l10n.t('Ready; completes when you ask') : l10n.t('Ready') };
}

function silent(silence: Silence): { readonly icon: string; readonly label: string; readonly warning?: boolean } {
  switch (silence.why) {
    case 'ponder-off':
      return { icon: 'circle-slash', label: l10n.t('Ponder is off') };
    case 'off':
      return { icon: 'circle-slash', label: l10n.t('Off') };
    case 'language':
      return { icon: 'circle-slash', label: l10n.t('Off for {0}', silence.language) };
    case 'snoozed':
      return { icon: 'bell-slash', label: l10n.t('Snoozed until {0}', silence.until) };
    case 'no-model':
      return { icon: 'circle-slash', label: l10n.t('No model is chosen yet') };
    case 'engine-down':
      return { icon: 'warning', label: l10n.t('The engine is down'), warning: true };
  }
}

function lastReason({ last, error }: Situation): { readonly icon: string; readonly label: string; readonly warning?: boolean } | undefined {
  switch (last?.kind) {
    case 'error':
      return { icon: 'warning', label: error ?? l10n.t('The completion failed'), warning: true };
    case 'not-text':
      return { icon: 'sparkle', label: l10n.t('No suggestion: this is not a place in a text') };
    case 'nothing':
      return { icon: 'sparkle', label: nothingLabel(last.why) };
    default:
      return undefined;
  }
}

function nothingLabel(why: Extract<Outcome, { kind: 'nothing' }>['why']): string {
  switch (why) {
    case 'too-slow':
      return l10n.t('No suggestion: the model was too slow');
    case 'model':
      return l10n.t('No suggestion: the model had none');
    case 'weak':
      return l10n.t('No suggestion: the model was unsure');
    case 'prompt-echo':
      return l10n.t('No suggestion: it only repeated the code above');
    case 'suffix-overlap':
      return l10n.t('No suggestion: it only repeated the code below');
    case 'unbalanced':
      return l10n.t('No suggestion: its brackets did not fit');
    case 'emptiness':
      return l10n.t('No suggestion: it was nothing but comments or blanks');
    case 'loop':
    case 'indentation':
    case 'spaces':
      return l10n.t('No suggestion: nothing of it was left');
  }
}

function modelLines({ model }: Situation): string[] {
  if (!model) return [];
  const { info, strategy, scores, testing } = model;
  const asked = l10n.t('{0}, by way of {1}', info.name, strategyName(strategy));
  if (testing !== undefined) return [asked, l10n.t('Testing how it completes best: {0}%', Math.round(testing * 100))];
  return [asked, ...(scores ? [scoreLine(scores)] : [])];
}

export function strategyName(strategy: Strategy): string {
  switch (strategy) {
    case 'file':
      return l10n.t('infill tokens');
    case 'repository':
      return l10n.t('infill tokens with other files');
    case 'chat':
      return l10n.t('a conversation');
  }
}

/** Mean log-probabilities as probabilities per token, which more people can read. */
export function scoreLine(scores: NonNullable<ModelStanding['scores']>): string {
  const parts = (['file', 'repository', 'chat'] as const).flatMap((strategy) => {
    const score = scores[strategy];
    return score === undefined ? [] : [`${strategyName(strategy)} ${Math.round(Math.exp(score) * 100).toLocaleString()}%`];
  });
  return l10n.t('Self-test: {0}', parts.join(', '));
}
