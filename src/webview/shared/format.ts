/** Numbers as people read them. Spaces before units are non-breaking. */
import * as l10n from '@vscode/l10n';

const nbsp = '\u00a0';

function locale(): string | undefined {
  return typeof document === 'undefined' ? undefined : document.documentElement.lang || undefined;
}

/** "12,380". */
export function count(value: number): string {
  return Math.round(value).toLocaleString(locale());
}

/** Tokens of a text, short: "420", "1.2k", "24k". */
export function short(value: number): string {
  if (value < 1000) return String(Math.round(value));
  const thousands = value / 1000;
  return `${(thousands < 99.95 ? Math.round(thousands * 10) / 10 : Math.round(thousands)).toLocaleString(locale())}k`;
}

/** A window or a budget, which comes in powers of two: 32,768 is "32k". */
export function size(value: number): string {
  return value >= 1024 && value % 512 === 0
    ? `${(value / 1024).toLocaleString(locale(), { maximumFractionDigits: 1 })}k`
    : short(value);
}

/** "61 %". Never 100 before the end. */
export function percent(share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  return `${String(Math.floor(bounded * 100 + 1e-9))}${nbsp}%`;
}

/** "0.4 s", "12 s", "1 min 35 s", "2 h 5 min". */
export function duration(ms: number): string {
  if (ms >= 50 && ms < 950) return l10n.t('{0} s', (Math.round(ms / 100) / 10).toLocaleString(locale())).replaceAll(' ', nbsp);
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return l10n.t('{0} s', seconds).replaceAll(' ', nbsp);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    return (rest === 0 ? l10n.t('{0} min', minutes) : l10n.t('{0} min {1} s', minutes, rest)).replaceAll(' ', nbsp);
  }
  const restMinutes = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return (restMinutes === 0 ? l10n.t('{0} h', hours) : l10n.t('{0} h {1} min', hours, restMinutes)).replaceAll(
    ' ',
    nbsp,
  );
}

/** "41 tok/s"; one decimal below ten. */
export function rate(tokensPerSecond: number): string {
  const value = tokensPerSecond < 10 ? Math.round(tokensPerSecond * 10) / 10 : Math.round(tokensPerSecond);
  return l10n.t('{0} tok/s', value.toLocaleString(locale())).replaceAll(' ', nbsp);
}

/** "10.9 GB". */
export function bytes(value: number): string {
  const [unit, divisor] = value >= 1e9 ? (['GB', 1e9] as const) : (['MB', 1e6] as const);
  const digits = unit === 'GB' ? 1 : 0;
  const number = (value / divisor).toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number}${nbsp}${unit}`;
}
