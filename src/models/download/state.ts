/** How a download stands. */
import * as v from 'valibot';
import { errorCodes } from '../../base/errors.ts';
import type { Wanted } from './wanted.ts';

export const phases = [
  /** Another one goes first. */
  'queued',
  /** The hub is asked what its files are. */
  'listing',
  'fetching',
  /** The connection is gone; it is tried again. */
  'waiting',
  /** All of a file is there and is compared with the hub's hash. */
  'checking',
  'paused',
  'failed',
  'done',
  /** Given up, and its parts are removed. */
  'cancelled',
] as const;
export type Phase = (typeof phases)[number];

/** What one window tells the others, and what is left of it after a restart. */
export const progressSchema = v.object({
  phase: v.picklist(phases),
  /** Bytes on disk, over all parts. */
  done: v.number(),
  /** Bytes over all parts; absent before the hub has been asked. */
  total: v.optional(v.number()),
  /** Bytes a second, over the last seconds. */
  speed: v.number(),
  secondsLeft: v.optional(v.number()),
  /** Attempts in a row that brought nothing. */
  attempt: v.optional(v.number()),
  /** Why it waits, in plain English. */
  why: v.optional(v.string()),
  /** Why it failed. */
  error: v.optional(v.object({ code: v.picklist(errorCodes), message: v.string(), data: v.record(v.string(), v.union([v.string(), v.number()])) })),
});
export type DownloadProgressState = Readonly<v.InferOutput<typeof progressSchema>>;

export interface DownloadState extends DownloadProgressState {
  /** Absolute path of the model's first file, there or not. */
  readonly target: string;
  readonly wanted: Wanted;
  /** Another window downloads it; this one looks on. */
  readonly elsewhere: boolean;
}

/** Whether something is being done, or will be as soon as it is its turn. */
export function isUnderWay({ phase }: Pick<DownloadState, 'phase'>): boolean {
  return phase === 'queued' || phase === 'listing' || phase === 'fetching' || phase === 'waiting' || phase === 'checking';
}
