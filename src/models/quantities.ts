/** Amounts as short as one would say them. Pure. */
import * as l10n from '@vscode/l10n';

/** 2,500,000,000 bytes are "2.5 GB", 20,000 are "20 KB". */
export function inBytes(bytes: number): string {
  if (bytes < 99.5e3) return l10n.t('{0} KB', Math.round(bytes / 1e3));
  return bytes < 999.5e6 ? l10n.t('{0} MB', (bytes / 1e6).toFixed(bytes < 9.95e6 ? 1 : 0)) : l10n.t('{0} GB', (bytes / 1e9).toFixed(bytes < 99.5e9 ? 1 : 0));
}

/** 32,768 tokens are "32k"; never more than there are. */
export function inTokens(tokens: number): string {
  return tokens < 1024 ? String(tokens) : `${String(Math.floor(tokens / 1024))}k`;
}
