/** What a measuring of threads came to, as a user reads it. */
import * as l10n from '@vscode/l10n';
import type { ThreadTuning } from '../protocol/engine.ts';

/** The speed of each number, and which one is in use. */
export function tuningWords({ speeds, threads, inForce, disturbed }: ThreadTuning): string {
  const each = speeds.map((speed) => l10n.t('{0}: {1} tokens/s', speed.threads, rounded(speed.tokensPerSecond))).join(' · ');
  const sentences = [
    l10n.t('Threads: {0}.', each),
    inForce === threads ? l10n.t('{0} is best and in use.', threads) : l10n.t('{0} is best. The model runs with {1}, because the settings or the hardware say so.', threads, inForce),
    ...(disturbed ? [l10n.t('Other programs were busy, so this may be wrong.')] : []),
  ];
  return sentences.join(' ');
}

function rounded(speed: number): string {
  return speed >= 100 ? speed.toFixed(0) : speed.toPrecision(2);
}
