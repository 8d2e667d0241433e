/** What an answer of a server means for a download. Pure. */
import type { ErrorCode } from '../../base/errors.ts';

/** What to do about it. */
export type Verdict =
  /** The rest comes: from `start` on. */
  | { readonly kind: 'body'; readonly start: number }
  /** It cannot send the rest alone: to be asked for all of it. */
  | { readonly kind: 'whole' }
  /** The server cannot now; it may say how many ms to wait. */
  | { readonly kind: 'later'; readonly ms?: number; readonly why: string }
  /** This address will not do; another may. */
  | { readonly kind: 'elsewhere'; readonly code: ErrorCode; readonly why: string };

export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * @param have bytes there already, from which on the rest was asked for
 * @param size of the whole file, bytes
 * @param now ms since the epoch
 */
export function judge({ status, headers }: Head, have: number, size: number, now: number): Verdict {
  const elsewhere = (code: ErrorCode, why: string): Verdict => ({ kind: 'elsewhere', code, why });
  switch (status) {
    case 401:
    case 403:
      return elsewhere('download-refused', `answered ${String(status)}`);
    case 404:
    case 410:
      return elsewhere('download-missing', `answered ${String(status)}`);
    case 416:
      return unsatisfiable(text(headers['content-range']) ?? '', have, size);
    case 408:
    case 425:
    case 429:
      return { kind: 'later', ...retryAfter(text(headers['retry-after']), now), why: `answered ${String(status)}` };
  }
  if (status >= 500) return { kind: 'later', ...retryAfter(text(headers['retry-after']), now), why: `answered ${String(status)}` };
  if (status !== 200 && status !== 206) return elsewhere('download-failed', `answered ${String(status)}`);
  if (/^text\/html/i.test(text(headers['content-type']) ?? '')) return elsewhere('download-failed', 'sent a web page');
  return status === 206 ? partial(text(headers['content-range']) ?? '', have, size) : complete(text(headers['content-length']), size);
}

function partial(range: string, have: number, size: number): Verdict {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
  if (start === undefined || Number(start) !== have) return { kind: 'elsewhere', code: 'download-failed', why: `sent another part: ${range}` };
  if (total !== '*' && Number(total) !== size) return { kind: 'elsewhere', code: 'download-damaged', why: `has a file of ${total ?? ''} bytes` };
  return { kind: 'body', start: have };
}

/** Nothing is thrown away for it: what is here may have come from a server that has the right file. */
function unsatisfiable(range: string, have: number, size: number): Verdict {
  const [, total] = /^bytes \*\/(\d+)$/.exec(range) ?? [];
  if (total !== undefined && Number(total) !== size) return { kind: 'elsewhere', code: 'download-damaged', why: `has a file of ${total} bytes` };
  return have > 0 ? { kind: 'whole' } : { kind: 'elsewhere', code: 'download-failed', why: 'answered 416' };
}

/** The server sends all of it, whatever was asked for. */
function complete(length: string | undefined, size: number): Verdict {
  if (length !== undefined && Number(length) !== size) return { kind: 'elsewhere', code: 'download-damaged', why: `has a file of ${length} bytes` };
  return { kind: 'body', start: 0 };
}

/** Seconds or a date; an hour at most. */
function retryAfter(value: string | undefined, now: number): { ms?: number } {
  if (value === undefined) return {};
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? { ms: Math.min(3_600_000, Math.max(0, ms)) } : {};
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
