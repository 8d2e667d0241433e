/** What the setting `ponder.models.profiles` says of models: file name or path, with `*` and `?`, to part of a profile. */
import * as v from 'valibot';
import { thinkingKinds } from '../protocol/engine.ts';
import { infillKinds, sampling } from './catalogue/schema.ts';

const tokens = v.pipe(v.number(), v.integer(), v.minValue(256), v.maxValue(4_194_304));
const someSampling = v.partial(sampling);

const correction = v.strictObject({
  thinking: v.optional(v.picklist(thinkingKinds)),
  window: v.optional(v.strictObject({ native: v.optional(tokens), extended: v.optional(tokens) })),
  sampling: v.optional(v.strictObject({ thinking: v.optional(someSampling), answer: v.optional(someSampling) })),
  output: v.optional(v.strictObject({ usual: v.optional(tokens), long: v.optional(tokens) })),
  infill: v.optional(v.picklist(infillKinds)),
  family: v.optional(v.pipe(v.string(), v.nonEmpty())),
});
export type ProfileCorrection = v.InferOutput<typeof correction>;

export interface Correction {
  readonly pattern: string;
  readonly profile: ProfileCorrection;
}

export interface Corrections {
  readonly corrections: readonly Correction[];
  /** Entries that are left out, with what is wrong with them. */
  readonly invalid: readonly { readonly pattern: string; readonly problem: string }[];
}

export function readCorrections(value: unknown): Corrections {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { corrections: [], invalid: value === undefined || value === null ? [] : [{ pattern: '', problem: 'an object is expected' }] };
  }
  const corrections: Correction[] = [];
  const invalid: { pattern: string; problem: string }[] = [];
  for (const [pattern, each] of Object.entries(value)) {
    const result = v.safeParse(correction, each);
    if (result.success && pattern.trim() !== '') corrections.push({ pattern, profile: result.output });
    else invalid.push({ pattern, problem: problemOf(result.issues) });
  }
  return { corrections, invalid };
}

function problemOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]] | undefined): string {
  const [issue] = issues ?? [];
  if (!issue) return 'a file name is expected';
  const where = v.getDotPath(issue);
  return where === null ? issue.message : `${where}: ${issue.message}`;
}
