/** What the catalogue of models holds. A damaged one is refused as a whole. */
import * as v from 'valibot';
import { thinkingKinds } from '../../protocol/engine.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const name = v.pipe(v.string(), v.nonEmpty());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** As the model's card recommends. */
export const sampling = v.strictObject({
  temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(2)),
  topP: share,
  /** 0: off. */
  topK: v.pipe(v.number(), v.integer(), v.minValue(0)),
  minP: share,
  presencePenalty: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
});

/** Never greedy: that falls into endless repetition. */
const thinkingSampling = v.pipe(
  sampling,
  v.check(({ temperature, topK, topP }) => temperature > 0 && topK !== 1 && topP > 0, 'Thinking is not to be sampled greedily.'),
);

/** Whether a model was trained to fill holes; `doubtful`: it has the tokens, and nobody vouches for it. */
export const infillKinds = ['trained', 'doubtful', 'none'] as const;

/** Tokens. */
export const window = v.pipe(
  v.strictObject({
    /** What it was trained for. */
    native: count,
    /** What its card says it reaches, by YaRN where that is more. */
    extended: count,
  }),
  v.check(({ native, extended }) => extended >= native, 'A window cannot be extended to less.'),
);

/** Tokens of thought and answer together. */
export const output = v.strictObject({
  usual: count,
  /** For hard problems, where the card names such a budget. */
  long: v.optional(count),
});

/** What planning must know; the file says the rest when it is there. */
const shape = v.strictObject({
  layers: count,
  /** Of queries. */
  heads: count,
  embedding: count,
  vocabulary: count,
  /** Keys and values together that a token leaves in all layers; twice as many bytes in F16. */
  kvValuesPerToken: count,
  /** Whether the matrix of the embedding is the output's too. */
  tied: v.boolean(),
});

const path = v.pipe(v.string(), v.regex(/^[\w.-]+(?:\/[\w.-]+)*\.gguf$/), v.check((text) => !text.split('/').includes('..'), 'A path may not leave its repository.'));

/** A file of a repository; a split model has several, in order. The hub's own size is what a download goes by. */
const part = v.union([
  /** Bytes, exactly. */
  v.strictObject({ path, size: count }),
  /** Bytes, as somebody rounded them. */
  v.strictObject({ path, approximateSize: count }),
]);

const file = v.strictObject({ quantisation: name, parts: v.pipe(v.array(part), v.minLength(1)) });

const repository = v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/));

const model = v.pipe(
  v.strictObject({
    id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]*$/)),
    name,
    /** What files of it call it as well. */
    names: v.array(name),
    /** Best first in the catalogue for chats; one that is only for completions was not trained to talk. */
    uses: v.pipe(v.array(v.picklist(['chat', 'completion'])), v.minLength(1)),
    /** Whose conventions of chats it follows: an architecture as GGUF names them. */
    family: name,
    repositories: v.strictObject({ huggingface: repository, modelscope: v.optional(repository) }),
    /** SPDX identifier. */
    licence: name,
    parameters: count,
    /** Of a mixture of experts, those that a token meets. */
    activeParameters: v.optional(count),
    shape,
    window,
    thinking: v.picklist(thinkingKinds),
    sampling: v.strictObject({ thinking: v.optional(thinkingSampling), answer: v.optional(sampling) }),
    output,
    infill: v.picklist(infillKinds),
    files: v.pipe(v.array(file), v.minLength(1)),
  }),
  v.check(({ thinking, sampling: { thinking: thought, answer } }) => (thinking === 'never') === (thought === undefined) && (thinking === 'always') === (answer === undefined), 'Sampling must be given for each mode the model has, and for no other.'),
  v.check(({ files }) => distinct(files.map(({ quantisation }) => quantisation)), 'A quantisation is listed twice.'),
  v.check(({ parameters, activeParameters }) => (activeParameters ?? parameters) <= parameters, 'More parameters are active than there are.'),
);
export type CatalogueModel = v.InferOutput<typeof model>;
export type CatalogueFile = CatalogueModel['files'][number];
export type InfillKind = (typeof infillKinds)[number];

export const catalogueSchema = v.strictObject({
  models: v.pipe(v.array(model), v.minLength(1), v.check((models) => distinct(models.map(({ id }) => id)), 'A model is listed twice.')),
});
export type Catalogue = v.InferOutput<typeof catalogueSchema>;

function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
