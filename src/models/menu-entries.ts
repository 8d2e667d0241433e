/** What a click on the status bar item offers. Pure. */
import * as l10n from '@vscode/l10n';
import type { BackendState } from '../backends/backend.ts';
import type { CommandId } from '../host/manifest.ts';
import type { EngineStatus } from '../protocol/engine.ts';
import type { DownloadState } from './download/state.ts';
import { inPercent } from './download/words.ts';
import { fileTitle, memoryParts, modelTitle, placement, speedWords, windowParts } from './model-words.ts';
import { unfinishedOf } from './status-words.ts';

export interface MenuFacts {
  readonly engine: BackendState;
  /** Asked for as the menu opens; absent where no model is loaded. */
  readonly status: EngineStatus | undefined;
  readonly downloads: readonly DownloadState[];
  /** How completions stand, in a few words. */
  readonly completions: string;
  /** Of the last answer; absent: there is none. */
  readonly tokensPerSecond: number | undefined;
}

export interface MenuEntry {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Absent: a heading. */
  readonly command?: CommandId;
}

export function menuEntries(facts: MenuFacts): MenuEntry[] {
  const { engine, completions } = facts;
  const help: MenuEntry[] = [
    { label: l10n.t('Help') },
    { label: l10n.t('$(rocket) Get started'), command: 'ponder.openWalkthrough' },
    { label: l10n.t('$(pulse) Diagnose…'), description: l10n.t('a report on this computer, the engine and its speed'), command: 'ponder.diagnose' },
    { label: l10n.t('$(output) Show log'), command: 'ponder.showLog' },
    { label: l10n.t('$(settings-gear) Open settings'), command: 'ponder.openSettings' },
  ];
  if (engine.kind === 'off') return [modelEntry(facts), ...help];
  return [
    modelEntry(facts),
    ...power(facts),
    ...(engine.kind === 'missing' ? [] : [{ label: l10n.t('$(arrow-swap) Choose another model…'), command: 'ponder.chooseModel' } as const]),
    ...downloads(facts),
    { label: l10n.t('$(list-selection) Completions…'), description: completions, command: 'ponder.completionMenu' },
    { label: l10n.t('$(chip) Choose GPU…'), command: 'ponder.chooseGpu' },
    ...help,
    { label: l10n.t('$(circle-slash) Turn Ponder off'), command: 'ponder.togglePonder' },
  ];
}

/** Who answers, where it runs, its speed and its window. */
function modelEntry({ engine, tokensPerSecond }: MenuFacts): MenuEntry {
  switch (engine.kind) {
    case 'off':
      return { label: l10n.t('$(sparkle) Turn Ponder on'), command: 'ponder.togglePonder' };
    case 'missing':
      return { label: l10n.t('$(comment-discussion) Choose a model to begin…'), command: 'ponder.focusChat' };
    case 'idle':
    case 'loading':
      return {
        label: `$(file-binary) ${fileTitle(engine.params.modelPath)}`,
        description: engine.kind === 'idle' ? l10n.t('not loaded') : l10n.t('loading, {0} %', Math.floor(engine.fraction * 100)),
        command: 'ponder.chooseModel',
      };
    case 'ready': {
      const { model } = engine;
      const description = [placement(model), ...(tokensPerSecond === undefined ? [] : [speedWords(tokensPerSecond)])];
      return { label: `$(file-binary) ${modelTitle(model)}`, description: description.join(' · '), detail: windowParts(model).join(' · '), command: 'ponder.chooseModel' };
    }
    case 'down':
      return { label: l10n.t('$(warning) Restart the engine'), description: l10n.t('it stopped {0} times in a row', engine.crashes), command: 'ponder.restartEngine' };
  }
}

/** The memory is told where it can be had back. */
function power({ engine, status }: MenuFacts): MenuEntry[] {
  if (engine.kind === 'idle') return [{ label: l10n.t('$(play) Load the model'), command: 'ponder.loadModel' }];
  if (engine.kind !== 'ready') return [];
  const memory = status ? { detail: memoryParts(engine.model, status).join(' · ') } : {};
  return [{ label: l10n.t('$(stop-circle) Unload the model'), description: l10n.t('frees its memory'), ...memory, command: 'ponder.unloadModel' }];
}

function downloads(facts: MenuFacts): MenuEntry[] {
  const unfinished = unfinishedOf(facts.downloads);
  const [first] = unfinished;
  if (!first) return [];
  const description = unfinished.length === 1 ? `${first.wanted.name} ${inPercent(first)}`.trimEnd() : l10n.t('{0} downloads', unfinished.length);
  return [{ label: l10n.t('$(cloud-download) Downloads…'), description, command: 'ponder.showDownloads' }];
}
