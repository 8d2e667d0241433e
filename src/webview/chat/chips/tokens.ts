import * as l10n from '@vscode/l10n';
import { count } from '../../shared/format.ts';

/** "1,180 tokens", or that they are being counted. */
export function exactly(tokens: number | undefined): string {
  if (tokens === undefined) return l10n.t('tokens being counted');
  return tokens === 1 ? l10n.t('1 token') : l10n.t('{0} tokens', count(tokens));
}

/** Of all that has been counted; absent as long as something has not. */
export function total(parts: readonly { readonly tokens: number | undefined }[]): number | undefined {
  return parts.reduce<number | undefined>((sum, { tokens }) => (sum === undefined || tokens === undefined ? undefined : sum + tokens), 0);
}

/** The parts that there are something of, for a tooltip or a spoken name. */
export function told(parts: readonly (string | undefined)[]): string[] {
  return parts.filter((part): part is string => part !== undefined && part !== '');
}
