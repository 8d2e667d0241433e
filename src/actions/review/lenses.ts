/** What stands above the hunks to click on. Pure. */
import * as l10n from '@vscode/l10n';
import type { CommandId } from '../../host/manifest.ts';
import type { StaleReason } from './file-review.ts';
import { linesToShow, type Rendering, type ShownHunk } from './render.ts';

export interface Lens {
  /** Of the shown text, from 0. */
  readonly line: number;
  readonly title: string;
  readonly tooltip?: string;
  /** Absent: only text. */
  readonly command?: CommandId;
  /** Without it, the command is about the whole file. */
  readonly hunk?: string;
}

export interface LensOptions {
  /** More may come. */
  readonly streaming: boolean;
  /** The hunk that is still being written. */
  readonly growing: string | undefined;
  /** There are other files to decide on. */
  readonly several: boolean;
}

export function lensesOf(rendering: Rendering, { streaming, growing, several }: LensOptions): Lens[] {
  const lenses: Lens[] = [];
  const acceptAll = several ? l10n.t('{0} Accept all in this file', '$(check-all)') : l10n.t('{0} Accept all', '$(check-all)');
  const rejectAll = several ? l10n.t('{0} Reject all in this file', '$(clear-all)') : l10n.t('{0} Reject all', '$(clear-all)');
  if (streaming) {
    lenses.push({ line: 0, title: l10n.t('{0} Ponder is writing…', '$(loading~spin)') });
    lenses.push({ line: 0, title: l10n.t('{0} Stop', '$(debug-stop)'), command: 'ponder.stopEdit' });
  } else if (rendering.hunks.some(({ hunk }) => hunk.stale === undefined)) {
    lenses.push({ line: 0, title: acceptAll, command: 'ponder.acceptAll' });
  }
  if (rendering.hunks.length > 0) {
    if (!streaming) lenses.push({ line: 0, title: rejectAll, command: 'ponder.rejectAll' });
    lenses.push({ line: 0, title: l10n.t('{0} Open as diff editor', '$(diff)'), command: 'ponder.openReviewDiff' });
  }
  for (const [index, shown] of rendering.hunks.entries()) lenses.push(...hunkLenses(rendering, shown, index, shown.hunk.id === growing));
  return lenses;
}

function hunkLenses({ lines, hunks }: Rendering, { hunk, start }: ShownHunk, index: number, growing: boolean): Lens[] {
  const line = Math.max(0, Math.min(start, lines.length - 1));
  const { first, last } = linesToShow(hunk);
  const tooltip = first === last ? l10n.t('Line {0}', first) : l10n.t('Lines {0}–{1}', first, last);
  const of = { line, hunk: hunk.id, tooltip };
  if (growing) return [{ line, tooltip, title: l10n.t('Change {0} is being written…', index + 1) }];
  const next: Lens[] = hunks.length > 1 ? [{ ...of, title: l10n.t('{0} Next', '$(arrow-down)'), command: 'ponder.nextHunk' }] : [];
  if (hunk.stale !== undefined) {
    return [
      { line, tooltip, title: `$(warning) ${staleSentence(hunk.stale)}` },
      { ...of, title: l10n.t('{0} Discard', '$(discard)'), command: 'ponder.rejectHunk' },
      ...next,
    ];
  }
  return [
    { ...of, title: l10n.t('{0} Accept change {1} of {2}', '$(check)', index + 1, hunks.length), command: 'ponder.acceptHunk' },
    { ...of, title: l10n.t('{0} Reject', '$(discard)'), command: 'ponder.rejectHunk' },
    ...next,
  ];
}

/** Why a hunk cannot be applied. */
export function staleSentence(reason: StaleReason): string {
  switch (reason) {
    case 'changed':
      return l10n.t('Cannot be applied any more: these lines have changed.');
    case 'ambiguous':
      return l10n.t('Cannot be applied any more: these lines stand in several places.');
    case 'deleted':
      return l10n.t('Cannot be applied any more: the file is gone.');
    case 'appeared':
      return l10n.t('Cannot be applied any more: there is a file of this name now.');
  }
}
