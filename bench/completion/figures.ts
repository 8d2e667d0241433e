/** What sessions come to. Pure. */
import { brief, median } from '../stats.ts';
import type { Request } from './meter.ts';
import type { Key } from './replay.ts';
import type { Session } from './session.ts';

/** Prompt tokens read for each key. */
export function readPerKey({ keys, requests }: Session): number[] {
  const read = keys.map(() => 0);
  for (const request of requests) read[request.key] = (read[request.key] ?? 0) + request.read;
  return read;
}

/** The same for those keys alone that the engine was asked for. */
export function readPerAskingKey(session: Session): number[] {
  const asking = new Set(session.requests.filter(isTyping).map(({ key }) => key));
  return readPerKey(session).filter((_, key) => asking.has(key));
}

/** Prompt tokens read per key, by what was newest since the request before: "6.1 for a line, 2.0 for a place". */
export function readByNews({ keys, requests }: Session): string {
  const kinds = ['file', 'place', 'line', 'key'] as const;
  const read = new Map<string, number>();
  let done = 0;
  for (const request of requests) {
    const since = keys.slice(done, request.key + 1).map(({ news }) => news);
    const newest = kinds.find((kind) => since.includes(kind)) ?? 'key';
    // What is read ahead is for what comes next.
    const kind = isTyping(request) ? newest : 'pause';
    // Where reading was broken off, the next request goes on with it.
    if (isTyping(request) && (request.result ?? request.firstAt) !== undefined) done = request.key + 1;
    read.set(kind, (read.get(kind) ?? 0) + request.read);
  }
  return [...read].map(([kind, tokens]) => `${brief(tokens / keys.length)} ${wordsFor[kind] ?? kind}`).join(', ');
}

const wordsFor: Readonly<Record<string, string>> = {
  file: 'for a file newly typed in',
  place: 'after the cursor has jumped',
  line: 'after a line end',
  key: 'within a line',
  pause: 'ahead in pauses',
};

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The value that so much of the others, 0 to 1, do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

/** Percent of the keys that were answered without a request of their own. */
export function cacheHits(keys: readonly Key[]): number {
  return (100 * keys.filter(({ outcome }) => outcome?.kind === 'text' && outcome.from !== 'model').length) / keys.length;
}

/** From a key to what was shown for it by the model, ms. */
export function shownAfter({ keys }: Session): number[] {
  return keys.filter(({ outcome }) => outcome?.kind === 'text' && outcome.from !== 'recent').map(({ at, answeredAt }) => answeredAt - at);
}

/** From a key to a moment of its request, ms; for keys that were shown something of it. */
export function reached({ keys, requests }: Session, moment: (request: Request) => number | undefined): number[] {
  return requests.filter(isTyping).flatMap((request) => {
    const key = keys[request.key];
    const at = moment(request);
    return key?.outcome?.kind === 'text' && key.outcome.from === 'model' && at !== undefined ? [at - key.at] : [];
  });
}

/** "repository 1.2, file 1.3": a figure of each session. */
export function each(sessions: readonly Session[], figure: (session: Session) => number | string): string {
  return sessions.map((session) => `${session.strategy} ${show(figure(session))}`).join(', ');
}

/** "231 (90% below 400)". */
export function spread(values: readonly number[]): string {
  return `${brief(median(values))} (90% below ${brief(quantile(values, 0.9))})`;
}

function show(figure: number | string): string {
  return typeof figure === 'string' ? figure : brief(figure);
}

function isTyping({ params }: Request): boolean {
  return params.urgency === 'typing';
}
