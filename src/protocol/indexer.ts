/** The contract between the extension host and the thread that keeps the workspace index. */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A path within its folder, with forward slashes. */
const path = v.pipe(v.string(), v.maxLength(4096));
/** What the host calls a workspace folder. */
const folder = v.string();
const place = v.strictObject({ folder, path });
export type Place = v.InferOutput<typeof place>;

const indexFolder = v.strictObject({
  id: folder,
  /** Stands before the paths where there are several folders; else empty. */
  name: v.string(),
  /** Absolute path on disk; absent: the host sends the texts. */
  root: v.optional(v.string()),
  /** As `files.exclude` has them. */
  exclude: v.array(v.string()),
});
export type IndexFolder = v.InferOutput<typeof indexFolder>;

const why = v.variant('kind', [
  /** It defines what the question names, or is the file that it names. */
  v.strictObject({ kind: v.literal('names'), symbol: v.string() }),
  /** A file that is open imports it. */
  v.strictObject({ kind: v.literal('imported'), by: v.string() }),
  v.strictObject({ kind: v.literal('open') }),
  v.strictObject({ kind: v.literal('recent') }),
  /** These words of the question stand in it or in its path. */
  v.strictObject({ kind: v.literal('words'), words: v.array(v.string()) }),
]);
/** Why a file was found. */
export type Why = v.InferOutput<typeof why>;

const found = v.strictObject({
  ...place.entries,
  /** As a person knows it: with the folder's name where there are several. */
  shown: v.string(),
  score: v.number(),
  /** The weightiest first. */
  why: v.array(why),
  bytes: count,
});
export type FoundFile = v.InferOutput<typeof found>;

const match = v.strictObject({
  ...place.entries,
  shown: v.string(),
  kind: v.picklist(['file', 'folder']),
  /** Places in `shown` that match what was typed, rising, UTF-16 units. */
  matches: v.array(count),
});
export type FoundPath = v.InferOutput<typeof match>;

const progress = v.strictObject({ done: count, total: count });
export type IndexProgress = v.InferOutput<typeof progress>;

const summary = v.strictObject({
  /** Files that questions are answered from. */
  files: count,
  /** Files that there are; more than `files` where some are no text, too large, or written by a program. */
  listed: count,
  /** A limit kept files out, or their texts. */
  limited: v.boolean(),
  /** Most bytes in use in the thread's heap, as seen between files. */
  peakBytes: count,
});
export type IndexSummary = v.InferOutput<typeof summary>;

const nothing = v.strictObject({});

export const indexerContract = {
  /** Which folders there are. What is known of those that stay is kept. */
  configure: { params: v.strictObject({ folders: v.array(indexFolder), ignoreCase: v.boolean() }), result: nothing },
  /** Finds out which files there are, without reading them. */
  list: { params: nothing, result: nothing },
  /** Brings the whole index up to date: reads what is new or has changed. What was done when it is cancelled stays. */
  build: { params: nothing, result: summary, event: progress },
  /** Something happened to these files or folders on disk. */
  change: { params: v.strictObject({ places: v.array(place) }), result: nothing },
  /** Texts of files that are not on disk; absent: the file is no more. */
  put: { params: v.strictObject({ files: v.array(v.strictObject({ ...place.entries, text: v.optional(v.string()) })) }), result: nothing },
  search: {
    params: v.strictObject({ question: v.string(), limit: count, open: v.array(place), recent: v.array(place) }),
    result: v.array(found),
  },
  paths: { params: v.strictObject({ query: v.string(), limit: count }), result: v.array(match) },
} as const;
export type IndexerContract = typeof indexerContract;
