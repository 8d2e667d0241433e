/** A download in words. Pure. */
import * as l10n from '@vscode/l10n';
import { inBytes } from '../quantities.ts';
import type { DownloadState } from './state.ts';

/** Rounded as one would say it. */
export function inTime(seconds: number): string {
  if (seconds < 50) return l10n.t('{0} s', Math.max(1, seconds < 10 ? Math.round(seconds) : Math.round(seconds / 5) * 5));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min', Math.max(1, minutes));
  return l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** Whole per cent; 100 only when all is there. Undefined before the size is known. */
export function percent({ done, total }: Pick<DownloadState, 'done' | 'total'>): number | undefined {
  return total === undefined || total === 0 ? undefined : Math.floor((done / total) * 100);
}

/** "42 %" */
export function inPercent(state: Pick<DownloadState, 'done' | 'total'>): string {
  const share = percent(state);
  return share === undefined ? '' : l10n.t('{0} %', share);
}

/** How it stands, in one line and without its name. */
export function standing(state: DownloadState): string {
  const line = phaseLine(state);
  return state.elsewhere ? l10n.t('{0} (in another window)', line) : line;
}

function phaseLine(state: DownloadState): string {
  const { phase, done, total, speed, secondsLeft, attempt = 1 } = state;
  const amount = total === undefined ? inBytes(done) : l10n.t('{0} of {1}', inBytes(done), inBytes(total));
  switch (phase) {
    case 'queued':
      return l10n.t('Waits for another download');
    case 'listing':
      return l10n.t('Asks for the list of files');
    case 'fetching':
      if (speed <= 0) return amount;
      return secondsLeft === undefined ? l10n.t('{0}, {1}/s', amount, inBytes(speed)) : l10n.t('{0}, {1}/s, {2} left', amount, inBytes(speed), inTime(secondsLeft));
    case 'waiting':
      return l10n.t('{0}, the connection is gone, attempt {1}', amount, attempt + 1);
    case 'checking':
      return l10n.t('Compares {0} with the published hash', amount);
    case 'paused':
      return l10n.t('Paused at {0}', amount);
    case 'failed':
      return l10n.t('Failed at {0}', amount);
    case 'done':
      return l10n.t('Downloaded, {0}', inBytes(total ?? done));
    case 'cancelled':
      return l10n.t('Cancelled');
  }
}
