/** What the item in the status bar says: what matters most at a glance, the facts behind it. Pure. */
import * as l10n from '@vscode/l10n';
import type { BackendState } from '../backends/backend.ts';
import { isUnderWay, type DownloadState } from './download/state.ts';
import { percent, standing } from './download/words.ts';
import { fileTitle, modelTitle, placement, windowParts } from './model-words.ts';

/** What the item says, for whoever has something to say. */
export interface StatusView {
  /** With a codicon. */
  readonly text: string;
  /** What a screen reader says of it. */
  readonly label: string;
  readonly lines: readonly string[];
  readonly warning: boolean;
}

export interface StatusFacts {
  readonly engine: BackendState;
  readonly downloads: readonly DownloadState[];
  /** What completions say, once they do. */
  readonly completions: StatusView | undefined;
}

export function itemView(facts: StatusFacts): StatusView {
  const { engine, completions } = facts;
  if (engine.kind === 'off') return { text: '$(circle-slash) Ponder', label: l10n.t('Ponder: turned off'), lines: [l10n.t('Ponder is turned off')], warning: false };
  const unfinished = unfinishedOf(facts.downloads);
  const lines = [
    engineLine(engine),
    ...(engine.kind === 'ready' ? [windowParts(engine.model).join(' · ')] : []),
    ...unfinished.map((state) => `${state.wanted.name}: ${standing(state)}`),
    ...(completions ? completions.lines.map((line, index) => (index === 0 ? l10n.t('Completions: {0}', line) : line)) : []),
  ];
  return { ...glance(engine, unfinished, completions), lines };
}

/** Downloads that are not over, those that move first. */
export function unfinishedOf(downloads: readonly DownloadState[]): DownloadState[] {
  const place = (state: DownloadState): number => (isUnderWay(state) ? (state.phase === 'queued' ? 1 : 0) : 2);
  return downloads.filter(({ phase }) => phase !== 'done' && phase !== 'cancelled').toSorted((a, b) => place(a) - place(b));
}

function glance(engine: BackendState, [first]: readonly DownloadState[], completions: StatusView | undefined): Omit<StatusView, 'lines'> {
  if (engine.kind === 'down') return { text: '$(warning) Ponder', label: completions?.label ?? l10n.t('Ponder: the engine is down'), warning: true };
  if (engine.kind === 'loading') {
    const share = Math.floor(engine.fraction * 100);
    return { text: l10n.t('$(loading~spin) Ponder {0} %', share), label: l10n.t('Ponder: loading the model'), warning: false };
  }
  // What rests is said where nothing else can be done; the menu has it in any case.
  if (first && (isUnderWay(first) || engine.kind === 'missing')) return downloadGlance(first);
  if (completions) return completions;
  return engine.kind === 'missing' ? { text: '$(circle-slash) Ponder', label: l10n.t('Ponder: no model is chosen yet'), warning: false } : { text: '$(sparkle) Ponder', label: l10n.t('Ponder: ready'), warning: false };
}

function downloadGlance(state: DownloadState): Omit<StatusView, 'lines'> {
  const { name } = state.wanted;
  const share = percent(state);
  const text = (icon: string): string => (share === undefined ? `$(${icon}) Ponder` : l10n.t('$({0}) Ponder {1} %', icon, share));
  switch (state.phase) {
    case 'paused':
      return { text: text('debug-pause'), label: l10n.t('Ponder: the download of {0} is paused', name), warning: false };
    case 'failed':
      return { text: text('warning'), label: l10n.t('Ponder: the download of {0} failed', name), warning: true };
    default:
      // What is read aloud does not change with every per cent.
      return { text: text(state.phase === 'waiting' ? 'sync~spin' : 'cloud-download'), label: l10n.t('Ponder: downloading {0}', name), warning: false };
  }
}

function engineLine(engine: BackendState): string {
  switch (engine.kind) {
    case 'off':
      return l10n.t('Ponder is turned off');
    case 'missing':
      return l10n.t('No model is chosen yet');
    case 'idle':
      return l10n.t('{0} loads with its first use', fileTitle(engine.params.modelPath));
    case 'loading':
      return l10n.t('Loading {0}', fileTitle(engine.params.modelPath));
    case 'ready':
      return `${modelTitle(engine.model)} · ${placement(engine.model)}`;
    case 'down':
      return l10n.t('The engine stopped {0} times in a row and stays down', engine.crashes);
  }
}
