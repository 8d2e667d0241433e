/**
 * The contract between the extension host and the engine process: every method with the schema of what it takes,
 * gives back and streams. Both sides validate what arrives.
 */
import * as v from 'valibot';

/** Raised whenever a message changes its shape. Host and engine must agree exactly. */
export const protocolVersion = 6;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.minValue(0));

export const gpuBackends = ['auto', 'cuda', 'vulkan', 'metal', 'cpu'] as const;
export type GpuBackend = (typeof gpuBackends)[number];

export const thinkingKinds = ['hybrid', 'always', 'never'] as const;

const modelParams = v.strictObject({
  /** Absolute path of a GGUF file. */
  modelPath: v.string(),
  gpu: v.picklist(gpuBackends),
  /** Layers on the GPU; absent: as many as fit beside the context. */
  gpuLayers: v.optional(count),
  /** Absent: measured, the machine's cores until then; and fewer while others keep it busy. */
  threads: v.optional(v.pipe(count, v.minValue(1))),
  /** Numbers of the GPUs to use, in the backend's order; absent: all. Whoever starts the engine sees to it. */
  devices: v.optional(v.array(count)),
  /** Absolute path of a folder that measured numbers of threads are kept in; absent: none are measured unasked. */
  tuning: v.optional(v.string()),
});
export type ModelParams = v.InferOutput<typeof modelParams>;

/** How keys and values are kept, finest first. */
export const kvTypes = ['f16', 'q8_0', 'q4_0'] as const;
export type KvType = (typeof kvTypes)[number];

const loadParams = v.strictObject({
  ...modelParams.entries,
  /** Context window in tokens; `auto` begins small and grows with what is asked, as far as model and memory allow. */
  contextSize: v.union([v.literal('auto'), v.pipe(count, v.minValue(256))]),
  /** Absent: the finest that fits. */
  kvType: v.optional(v.picklist(kvTypes)),
  /** What is known better than the file says it. */
  profile: v.optional(
    v.strictObject({
      thinking: v.optional(v.picklist(thinkingKinds)),
      /** Tokens; `auto` grows to `extended` at most. */
      window: v.optional(v.strictObject({ native: v.optional(v.pipe(count, v.minValue(256))), extended: v.optional(v.pipe(count, v.minValue(256))) })),
    }),
  ),
  /** Where states of the KV cache are kept between runs; absent: nowhere. */
  snapshots: v.optional(
    v.strictObject({
      /** Absolute path. */
      folder: v.string(),
      /** Bytes that all of them may take. */
      limit: count,
    }),
  ),
});
export type LoadParams = v.InferOutput<typeof loadParams>;

const modelInfo = v.strictObject({
  path: v.string(),
  name: v.string(),
  architecture: v.string(),
  /** Of the file, bytes. */
  size: count,
  quantisation: v.optional(v.string()),
  layers: count,
  gpuLayers: count,
  /** The backend obtained, which may differ from the one asked for under `auto`. */
  gpu: v.picklist(gpuBackends),
  /** Now; `status` says it of later. */
  threads: count,
  contextSize: count,
  /** The window the model was trained for, tokens. */
  trainedContext: count,
  /** What `contextSize` may grow to by itself, tokens. */
  largestContext: count,
  /** Factor by which YaRN stretches the trained window; 1: not at all. */
  yarnFactor: v.pipe(v.number(), v.minValue(1)),
  kvType: v.picklist(kvTypes),
  thinking: v.picklist(thinkingKinds),
  tools: v.boolean(),
  infill: v.boolean(),
  /** What the file itself recommends, as far as it does. */
  sampling: v.optional(
    v.strictObject({
      temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
      topP: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
      topK: v.optional(count),
      minP: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    }),
  ),
});
export type ModelInfo = v.InferOutput<typeof modelInfo>;

const toolCall = v.strictObject({
  name: v.string(),
  /** JSON text of an object. */
  arguments: v.string(),
});
export type ToolCall = v.InferOutput<typeof toolCall>;

const message = v.variant('role', [
  v.strictObject({ role: v.literal('system'), content: v.string() }),
  v.strictObject({ role: v.literal('user'), content: v.string() }),
  v.strictObject({
    role: v.literal('assistant'),
    content: v.string(),
    /** Thoughts of the running tool turn only; the template drops those of earlier turns. */
    thought: v.optional(v.string()),
    toolCalls: v.optional(v.array(toolCall)),
  }),
  v.strictObject({ role: v.literal('tool'), content: v.string() }),
]);
export type Message = v.InferOutput<typeof message>;

const tool = v.strictObject({
  name: v.string(),
  description: v.string(),
  /** JSON schema of the arguments. */
  parameters: v.record(v.string(), v.unknown()),
});
export type Tool = v.InferOutput<typeof tool>;

const sampling = v.strictObject({
  temperature: v.pipe(v.number(), v.minValue(0)),
  topP: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  topK: count,
  minP: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  presencePenalty: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  seed: v.optional(count),
});
export type Sampling = v.InferOutput<typeof sampling>;

const promptParams = v.strictObject({
  messages: v.pipe(v.array(message), v.minLength(1)),
  tools: v.optional(v.array(tool)),
  /** Hybrid models obey; the others do as they always do. */
  thinking: v.boolean(),
});
export type PromptParams = v.InferOutput<typeof promptParams>;

const promptMeasure = v.strictObject({
  /** Of the whole prompt, exactly. */
  tokens: count,
  /** Of these, in the KV cache now. */
  cached: count,
  /** Of these, in the KV cache or to be had from a snapshot; at least `cached`. */
  restorable: count,
  /** Reading speed of late, tokens per second; 0 while unknown. */
  readSpeed: v.number(),
});
export type PromptMeasure = v.InferOutput<typeof promptMeasure>;

const chatParams = v.strictObject({
  ...promptParams.entries,
  /** Tokens after which a thought is closed. Absent: no limit. */
  thoughtBudget: v.optional(count),
  /** Tokens of thought and answer together. Absent: what the window holds. */
  maxTokens: v.optional(v.pipe(count, v.minValue(1))),
  sampling,
  /** GBNF that the answer obeys, its root named `root`; a thought before it is free. Absent: anything goes. */
  grammar: v.optional(v.pipe(v.string(), v.minLength(1))),
  /** Runs of the prompt are guessed to come again, several tokens a step. Only where nothing is drawn: at temperature 0. */
  lookup: v.optional(v.boolean()),
});
export type ChatParams = v.InferOutput<typeof chatParams>;

/** What a chat streams. Counts are totals so far. */
export const chatEvent = v.variant('type', [
  /** The window has changed for this prompt, or gave way to the memory there is. Nothing that was said is lost. */
  v.strictObject({ type: v.literal('window'), from: count, model: modelInfo, why: v.picklist(['grown', 'shrunk', 'memory']) }),
  /** Prefill: `cached` tokens needed no reading, `restored` of them came from a snapshot; `done` of `total` are in the cache now. */
  v.strictObject({ type: v.literal('reading'), done: count, total: count, cached: count, restored: v.optional(count) }),
  v.strictObject({ type: v.literal('thought'), text: v.string(), tokens: count }),
  v.strictObject({ type: v.literal('thoughtEnd'), by: v.picklist(['model', 'budget', 'user']), tokens: count }),
  v.strictObject({ type: v.literal('answer'), text: v.string(), tokens: count }),
  v.strictObject({ type: v.literal('toolCall'), call: toolCall }),
]);
export type ChatEvent = v.InferOutput<typeof chatEvent>;

const chatResult = v.strictObject({
  /** `stop`: the model ended its turn; `length`: budget or window used up. */
  reason: v.picklist(['stop', 'length']),
  promptTokens: count,
  /** Of the prompt, found in the KV cache and not read again. */
  cachedTokens: count,
  thoughtTokens: count,
  answerTokens: count,
  /** Evaluations that it took to generate them: fewer than tokens where guesses held. */
  steps: count,
  /** From the request's arrival in the engine to the first generated token. */
  firstTokenMs: milliseconds,
  /** From the first to the last generated token. */
  generationMs: milliseconds,
  /** Window filled after the turn, tokens. */
  usedTokens: count,
});
export type ChatResult = v.InferOutput<typeof chatResult>;

const hardware = v.strictObject({
  /** The backend obtained: compare it with the one asked for. */
  backend: v.picklist(['cuda', 'vulkan', 'metal', 'cpu']),
  /** In the backend's order, which numbers them; empty: none, all is done on the CPU. `used: false`: left out by choice. */
  gpus: v.array(v.strictObject({ name: v.string(), used: v.optional(v.boolean()) })),
  /** There is an NVIDIA GPU with its driver, whether or not the backend uses it. */
  nvidia: v.optional(v.boolean()),
  /** Of all that are used together, bytes. */
  vram: v.strictObject({ total: count, free: count }),
  /** The GPUs' memory is a part of the RAM. */
  unified: v.boolean(),
  ram: v.strictObject({ total: count, free: count }),
  cores: v.strictObject({ physical: count, logical: count }),
});
export type Hardware = v.InferOutput<typeof hardware>;

/** The context of completions, tokens: a few thousand are read in seconds on a CPU, and take 0.6 GB on the 4B. */
export const infillContext = 4096;

const infillSource = v.strictObject({
  /** The model completions come from; absent: the chat's, which must be loaded, in a context of its own. */
  model: v.optional(modelParams),
  /** Context window, tokens; a smaller one is taken where this one does not fit. */
  contextSize: v.pipe(count, v.minValue(256)),
});
export type InfillSource = v.InferOutput<typeof infillSource>;

const infillInfo = v.strictObject({
  name: v.string(),
  /** Tells model files apart by what is in them (engine/fingerprint.ts). */
  fingerprint: v.string(),
  contextSize: count,
  gpu: v.picklist(gpuBackends),
  /** Which forms of prompt the model has tokens or a template for. */
  forms: v.strictObject({ file: v.boolean(), repository: v.boolean(), chat: v.boolean() }),
});
export type InfillInfo = v.InferOutput<typeof infillInfo>;

const sourceFile = v.strictObject({ path: v.string(), content: v.string() });

export const infillForms = ['file', 'repository', 'chat'] as const;
export type InfillForm = (typeof infillForms)[number];

/** How a model is shown a hole; each ends right before what has been typed into it. */
const infillPrompt = v.variant('form', [
  v.strictObject({ form: v.literal('file'), prefix: v.string(), suffix: v.string() }),
  v.strictObject({
    form: v.literal('repository'),
    repository: v.string(),
    files: v.array(sourceFile),
    /** Of the file with the hole. */
    path: v.string(),
    prefix: v.string(),
    suffix: v.string(),
  }),
  /** `opening` is what the assistant has said already. It goes on from there, without a thought. */
  v.strictObject({ form: v.literal('chat'), messages: v.pipe(v.array(message), v.minLength(1)), opening: v.string() }),
]);
export type InfillPrompt = v.InferOutput<typeof infillPrompt>;

/** `typing`: someone waits, chats stand still meanwhile. `background`: whenever nothing else wants the engine. */
export const infillUrgencies = ['typing', 'background'] as const;

const infillParams = v.strictObject({
  prompt: infillPrompt,
  /** Stands between the prompt and what is generated. A text that grows here is all that is read anew. */
  typed: v.string(),
  /** 0 only reads the prompt, for the next request's sake. */
  maxTokens: count,
  urgency: v.picklist(infillUrgencies),
});
export type InfillParams = v.InferOutput<typeof infillParams>;

const infillToken = v.strictObject({
  text: v.string(),
  /** Of these tokens together, by the model: 0 to 1. */
  probability: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
});
export type InfillToken = v.InferOutput<typeof infillToken>;

const infillResult = v.strictObject({
  /** `stop`: the model came to an end of its own; `length`: `maxTokens` or the window used up. */
  reason: v.picklist(['stop', 'length']),
  promptTokens: count,
  /** Of the prompt, found in the KV cache and not read again. */
  cachedTokens: count,
  tokens: count,
  /** From the request's arrival in the engine to the first generated token. */
  firstTokenMs: milliseconds,
  /** Reading and writing speeds of late, tokens per second; 0 while unknown. */
  readSpeed: v.number(),
  writeSpeed: v.number(),
});
export type InfillResult = v.InferOutput<typeof infillResult>;

const scoreParams = v.strictObject({ prompt: infillPrompt, typed: v.string(), middle: v.pipe(v.string(), v.minLength(1)) });
export type ScoreParams = v.InferOutput<typeof scoreParams>;

const threadTuning = v.strictObject({
  /** Fastest for writing, and for reading. */
  threads: count,
  reading: count,
  /** Writing speed by number of threads, fewest first. */
  speeds: v.array(v.strictObject({ threads: count, tokensPerSecond: v.number() })),
  /** Other processes kept the machine busy meanwhile, so it may say little. */
  disturbed: v.boolean(),
  /** Threads that the model runs with now: other than `threads` where the settings say so. */
  inForce: count,
});
export type ThreadTuning = v.InferOutput<typeof threadTuning>;

const engineStatus = v.strictObject({
  /** Version of node-llama-cpp. */
  library: v.string(),
  loaded: v.boolean(),
  /** Requests being worked on. */
  active: count,
  /** Tokens read and generated since the model was loaded: stands still when the engine is idle. */
  evaluatedTokens: count,
  /** User plus system time of the process, ms. */
  cpuMs: milliseconds,
  /** Resident memory, bytes. */
  memory: count,
  /** Of the chat's context, bytes: as it was planned, and as llama.cpp says it has allocated. */
  context: v.optional(v.strictObject({ predicted: count, allocated: count })),
  /** Threads that the chat's model writes with now. */
  threads: v.optional(count),
  /** Windows that are connected, this one included. */
  windows: count,
  /** Models whose weights are in memory, for whatever window; and how many have been loaded since the process began. */
  models: count,
  modelLoads: count,
});
export type EngineStatus = v.InferOutput<typeof engineStatus>;

const nothing = v.strictObject({});

export const engineContract = {
  initialize: {
    params: v.strictObject({ protocol: v.number() }),
    result: v.strictObject({ protocol: v.number(), library: v.string(), pid: count }),
  },
  load: { params: loadParams, result: modelInfo, event: v.strictObject({ fraction: v.number() }) },
  unload: { params: nothing, result: nothing },
  /** Streams events in batches: a token at a time would cost more than decoding one. */
  chat: { params: chatParams, result: chatResult, event: v.array(chatEvent) },
  /** Closes the thought of the running chat, if there is one. */
  answerNow: { params: nothing, result: nothing },
  /** Makes ready for `infill` and `score`; what was ready before is freed if it is another. */
  openInfill: { params: infillSource, result: infillInfo },
  /** Frees the context, and the model unless it is the chat's. */
  closeInfill: { params: nothing, result: nothing },
  /** One at a time; text comes as soon as it is there. */
  infill: { params: infillParams, result: infillResult, event: v.array(infillToken) },
  /** Mean log-probability per token (natural logarithm, at most 0) of a known middle. */
  score: { params: scoreParams, result: v.number() },
  /** How long a prompt is, and how much of it would have to be read. */
  measure: { params: promptParams, result: promptMeasure },
  /** Reads a prompt whose last message will go on, in the background; gives way to anything else with an abort. */
  preread: { params: promptParams, result: v.strictObject({ read: count }) },
  /** What the snapshots on disk take, of whatever model. */
  snapshots: { params: v.strictObject({ folder: v.string() }), result: v.strictObject({ files: count, bytes: count }) },
  clearSnapshots: { params: v.strictObject({ folder: v.string() }), result: nothing },
  countTokens: { params: v.strictObject({ texts: v.array(v.string()) }), result: v.array(count) },
  /** What the machine has for models, as the backend asked for sees it. Loads no model. */
  hardware: { params: v.strictObject({ gpu: v.picklist(gpuBackends) }), result: hardware },
  /** Measures anew which number of threads is fastest for the chat's model, which takes seconds, and uses it unless the user has set one. */
  tuneThreads: { params: nothing, result: threadTuning, event: v.strictObject({ fraction: v.number() }) },
  status: { params: nothing, result: engineStatus },
  /** Ends the process, for all windows; the others are told that it was asked for. */
  shutdown: { params: nothing, result: nothing },
} as const;
export type EngineContract = typeof engineContract;

/** In the engine's environment: absolute path of the folder with binaries that did not ship, if there is one. */
export const binariesVariable = 'PONDER_BINARIES';

/** Engine to host, unasked: it ends because another window has asked it to. A notification without parameters. */
export const leaving = 'leaving';

/** Engine to host, unasked: a line for the log. */
export const logLine = v.strictObject({ level: v.picklist(['debug', 'info', 'warn', 'error']), message: v.string() });
