/** The model that chats run on, and its window, which can change while the model is in use. */
import { readGgufFileInfo } from 'node-llama-cpp';
import type { Llama, LlamaContext, LlamaModelOptions, Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import { infillContext, type ChatEvent, type LoadParams, type ModelInfo } from '../protocol/engine.ts';
import { carryState } from './carry-state.ts';
import type { ChatMachine } from './chat.ts';
import { commonLength } from './common-length.ts';
import { openContext } from './context.ts';
import { describeModel } from './describe.ts';
import { markersOf, readTemplate, requireDevices, type Loaded, type LoadOptions } from './llama.ts';
import { memoryFacts } from './memory-facts.ts';
import type { Lease, LoadedModel, ModelPool, Usage } from './model-pool.ts';
import { checkGgufHeader } from './gguf-header.ts';
import { shapeOf } from './model-shape.ts';
import { attemptPlans } from '../planner/attempts.ts';
import { answerNeed, furtherNeed } from '../planner/reserve.ts';
import { windowsOf } from '../planner/scaling.ts';
import type { ModelShape } from '../planner/shape.ts';
import { planWindow, type MemoryFacts, type WindowFacts, type WindowNeed, type WindowPlan } from '../planner/window.ts';
import { thinkingKind } from './thinking-kind.ts';
import { ThreadTuner } from './threads/tuner.ts';

export type WindowEvent = Extract<ChatEvent, { type: 'window' }>;

/** A window that a prompt wants instead of the one there is. */
export interface WindowChange {
  readonly plan: WindowPlan;
  /** The model goes and comes back, with it every context made of it. */
  readonly reloads: boolean;
  readonly need: WindowNeed;
  readonly facts: WindowFacts;
}

/** Below this, reading again is as quick as a file. Tokens. */
const worthCarrying = 256;

interface Opened {
  readonly context: LlamaContext;
  readonly plan: WindowPlan;
  readonly machine: ChatMachine;
  readonly info: ModelInfo;
}

const nothing: Usage = { cpuRam: 0, gpuVram: 0 };

/**
 * @param gate lets a context be made when nothing else goes on
 * @throws PonderError `gpu-unavailable`, `model-missing`, `model-not-gguf`, `model-unreadable`, `model-not-chat`,
 *   `context-too-large`
 */
export async function loadChatModel(params: LoadParams, pool: ModelPool, options: LoadOptions, gate: Gate = (task) => task()): Promise<ChatModel> {
  await checkGgufHeader(params.modelPath);
  const backend = await pool.backend(params.gpu);
  try {
    await requireDevices(backend.value, params);
    const chat = new ChatModel(backend, params, corrected(await readShape(params.modelPath), params), pool, gate, options.log);
    await chat.begin(options);
    return chat;
  } catch (error) {
    await backend.release();
    throw error;
  }
}

async function readShape(path: string): Promise<ModelShape> {
  try {
    return shapeOf(await readGgufFileInfo(path, { sourceType: 'filesystem' }));
  } catch (error) {
    throw new PonderError('model-unreadable', `The header of ${path} cannot be read: ${String(error)}`, { path });
  }
}

function corrected(file: ModelShape, { profile: { thinking, window } = {} }: LoadParams): ModelShape {
  const shape = thinking === undefined ? file : { ...file, thinking };
  if (window === undefined) return shape;
  const own = windowsOf(shape);
  const native = window.native ?? own.native;
  return { ...shape, windows: { native, largest: Math.max(native, window.extended ?? own.largest) } };
}

export type Gate = <T>(task: () => Promise<T>) => Promise<T>;

export class ChatModel implements Loaded {
  #opened: Opened | undefined;
  #weights: Lease<LoadedModel> | undefined;
  /** Of the weights. */
  #threads: ThreadTuner | undefined;
  /** Of the context. */
  #usage = nothing;
  /** Of another context on the same model for the same window, which plans leave room for. */
  beside = nothing;
  /** Bytes of the smallest plan that has failed. */
  #failed = Infinity;

  constructor(
    private readonly backend: Lease<Llama>,
    private readonly params: LoadParams,
    private readonly shape: ModelShape,
    private readonly pool: ModelPool,
    private readonly gate: Gate,
    private readonly log: LoadOptions['log'],
  ) {}

  get info(): ModelInfo {
    const { info, machine } = this.#require();
    return { ...info, threads: machine.threads.count };
  }

  get machine(): ChatMachine {
    return this.#require().machine;
  }

  /** Undefined while nothing is loaded. */
  get threads(): ThreadTuner | undefined {
    return this.#threads;
  }

  /** Of the context, bytes: as planned, and as llama.cpp says it has allocated. */
  memory = { predicted: 0, allocated: 0 };

  async begin(options: LoadOptions): Promise<void> {
    const need = { prompt: 0, output: 0 };
    const { plan, facts } = await this.#planned(need);
    try {
      await this.#attempt(plan, need, facts, options);
    } catch (error) {
      await this.#weights?.release();
      throw error;
    }
  }

  /**
   * What has to be done for a prompt to fit, and the beginning of its answer; undefined: nothing. Does nothing itself.
   * @param maxTokens what the answer may have; undefined: no limit
   * @param least tokens that the window must hold in any case
   */
  async plan(prompt: number, maxTokens: number | undefined, least = 0): Promise<WindowChange | undefined> {
    const { output } = answerNeed(prompt, maxTokens, this.shape);
    return this.#changeFor({ prompt, output: Math.max(output, least - prompt) });
  }

  /**
   * The same for an answer that has filled its window.
   * @param tokens of prompt and answer
   * @param left what the answer may still have
   * @returns undefined also where no larger window can be had without stretching positions further
   */
  async planFurther(tokens: number, left: number): Promise<WindowChange | undefined> {
    const { contextSize, yarnFactor } = this.#require().plan;
    const need = furtherNeed(tokens, left, this.shape, yarnFactor);
    const change = need && (await this.#changeFor(need));
    return change && change.plan.contextSize > contextSize && change.plan.yarnFactor === yarnFactor ? change : undefined;
  }

  async #changeFor(need: WindowNeed): Promise<WindowChange | undefined> {
    const { plan: current } = this.#require();
    const { plan, facts } = await this.#planned(need, current);
    const same = plan.contextSize === current.contextSize && plan.yarnFactor === current.yarnFactor && plan.kvType === current.kvType;
    if (same && plan.gpuLayers === current.gpuLayers) return undefined;
    return { plan, reloads: !sameModel(plan, current), need, facts };
  }

  /**
   * Another window in place of this one; if none can be had, this one again.
   * @param prompt what will be read next: what of it is in the cache stays there where keys and values stay the same
   */
  async change({ plan, need, facts }: WindowChange, prompt: readonly Token[]): Promise<WindowEvent> {
    const before = this.#require();
    const from = before.info.contextSize;
    const { sequence } = before.machine;
    const carries = sameModel(plan, before.plan) && plan.kvType === before.plan.kvType && commonLength(prompt, sequence.contextTokens) >= worthCarrying;
    const carried = carries ? await carryState(sequence) : undefined;
    try {
      await before.context.dispose();
      try {
        await this.#attempt(plan, need, facts);
      } catch (error) {
        this.log('warn', `no other window can be had, the one of ${String(from)} tokens stays: ${String(error)}`);
        await this.#open({ ...before.plan, largest: from });
      }
      const { context, machine, plan: now } = this.#require();
      const { info } = this;
      machine.readingSpeed = before.machine.readingSpeed;
      if (before.machine.snapshots) machine.snapshots = before.machine.snapshots;
      if (carried && now.kvType === before.plan.kvType && sameModel(now, before.plan)) {
        await machine.sequence.dispose();
        this.#opened = { ...this.#require(), machine: { ...machine, sequence: await carried.restore(context) } };
      }
      const asPlanned = now.contextSize === plan.contextSize && now.kvType === plan.kvType;
      return { type: 'window', from, model: info, why: asPlanned ? (info.contextSize > from ? 'grown' : 'shrunk') : 'memory' };
    } finally {
      await carried?.dispose();
    }
  }

  /** What was made of its model must be gone. */
  async dispose(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.context.dispose();
    await this.#weights?.release();
    await this.backend.release();
  }

  /**
   * What others have loaded is joined where a window fits beside theirs; the weights would be there twice otherwise, with
   * as many layers on the GPU as are left for them.
   */
  async #planned(need: WindowNeed, current?: WindowPlan): Promise<{ readonly plan: WindowPlan; readonly facts: WindowFacts }> {
    const copies = await this.pool.copiesOfOthers(this.params.modelPath, this.#weights?.value.model);
    for (const { gpuLayers, metadataOverrides, usage } of copies) {
      const facts = await this.#factsWith(usage, this.params.gpuLayers ?? gpuLayers);
      const plan = planWindow(need, facts, current);
      const same = plan.gpuLayers === gpuLayers && JSON.stringify(scaling(this.shape, plan.yarnFactor).metadataOverrides) === JSON.stringify(metadataOverrides);
      if (plan.fits && same) return { plan, facts };
    }
    // Weights that others use stay where they are.
    const facts = copies.length > 0 ? await this.#factsWith(nothing, this.params.gpuLayers) : await this.facts();
    return { plan: planWindow(need, facts, current), facts };
  }

  async #attempt(plan: WindowPlan, need: WindowNeed, facts: WindowFacts, options?: LoadOptions): Promise<void> {
    await attemptPlans(plan, need, facts, (next) => this.#open(next, options), (failed, next) => {
      this.#failed = Math.min(this.#failed, failed.memory.total);
      this.log('warn', `no memory for ${inWords(failed)}; ${next ? `trying ${inWords(next)}` : 'nothing less is left to try'}`);
    });
  }

  async #open(plan: WindowPlan, options: Pick<LoadOptions, 'signal' | 'onProgress'> = quietly): Promise<void> {
    const previous = this.#opened?.plan;
    if (!this.#weights || !previous || !sameModel(plan, previous)) {
      const old = this.#weights;
      this.#weights = undefined;
      await old?.release();
      this.#threads = undefined;
      this.#weights = await this.#load(plan, options);
    }
    const { model } = this.#weights.value;
    const llama = this.backend.value;
    const template = readTemplate(model);
    const thinking = thinkingKind((on) => template.render({ messages: [{ role: 'user', content: 'x' }], thinking: on }));
    this.#threads ??= await ThreadTuner.open(this.params, llama, model, this.log);
    const { control: threads } = this.#threads;
    const { value: context, usage } = await this.pool.measured(llama, () => this.gate(() => openContext(model, plan, threads.most)));
    this.#usage = usage;
    this.memory = { predicted: Math.round(plan.memory.context), allocated: usage.cpuRam + usage.gpuVram };
    this.log('info', `window: ${inWords(plan)}; ${String(this.memory.predicted)} bytes predicted, ${String(this.memory.allocated)} allocated`);
    this.#opened = {
      context,
      plan,
      machine: { model, sequence: context.getSequence(), template, markers: markersOf(model), thinking, threads, readingSpeed: 0 },
      info: describeModel(this.params.modelPath, model, { ...this.shape, thinking: this.params.profile?.thinking ?? thinking }, context.contextSize, plan, threads.count),
    };
  }

  async #load(plan: WindowPlan, options: Pick<LoadOptions, 'signal' | 'onProgress'>): Promise<Lease<LoadedModel>> {
    const how: Pick<LlamaModelOptions, 'metadataOverrides'> = scaling(this.shape, plan.yarnFactor);
    try {
      return await this.pool.model(this.backend.value, this.params, { ...how, gpuLayers: plan.gpuLayers }, options);
    } catch (error) {
      if (this.params.gpuLayers !== undefined || !(error instanceof PonderError) || error.code !== 'context-too-large') throw error;
      // The planner thought too well of the GPU: the library is asked, which tries it out.
      const contextSize = plan.contextSize + infillContext;
      return this.pool.model(this.backend.value, this.params, { ...how, gpuLayers: { fitContext: { contextSize } } }, options);
    }
  }

  /** What plans are made from, as it is now, if weights are not shared. */
  facts(): Promise<WindowFacts> {
    return this.#factsWith(this.#weights?.value.usage, this.params.gpuLayers);
  }

  /** @param weights what is in memory already of what a plan counts */
  async #factsWith(weights: Usage = nothing, gpuLayers: number | undefined): Promise<WindowFacts> {
    const { contextSize, kvType } = this.params;
    const contexts = [this.#opened ? this.#usage : nothing, this.beside];
    const ours = {
      // Weights in RAM are mapped from their file: the system can take them back, and counts them as free.
      cpuRam: contexts.reduce((sum, { cpuRam }) => sum + cpuRam, 0),
      gpuVram: contexts.reduce((sum, { gpuVram }) => sum + gpuVram, weights.gpuVram),
    };
    const memory: MemoryFacts = { ...(await memoryFacts(this.backend.value, ours)), failed: this.#failed };
    return {
      model: this.shape,
      memory,
      wishes: {
        ...(contextSize === 'auto' ? {} : { contextSize }),
        ...(kvType === undefined ? {} : { kvType }),
        ...(gpuLayers === undefined ? {} : { gpuLayers }),
      },
      beside: infillContext,
    };
  }

  #require(): Opened {
    if (!this.#opened) throw new PonderError('model-not-chosen', 'No model is loaded.');
    return this.#opened;
  }
}

/** YaRN stands in the model's metadata, so another factor means loading it again. */
function sameModel(a: WindowPlan, b: WindowPlan): boolean {
  return a.yarnFactor === b.yarnFactor && a.gpuLayers === b.gpuLayers;
}

/**
 * The factor must not be an integer in JavaScript: that is sent as one, llama.cpp expects a float, and leaves YaRN out
 * with no more than a line in its log.
 */
export function scaling(shape: ModelShape, factor: number): Pick<LlamaModelOptions, 'metadataOverrides'> {
  if (factor === 1) return {};
  const { native } = windowsOf(shape);
  const yarn = { type: 'yarn', factor: factor + 1e-7, original_context_length: native };
  return { metadataOverrides: { [shape.architecture]: { rope: { scaling: yarn }, context_length: native * factor } } };
}

function inWords({ contextSize, yarnFactor, kvType, batchSize, gpuLayers }: WindowPlan): string {
  return `${String(contextSize)} tokens, YaRN x${String(yarnFactor)}, ${kvType}, batches of ${String(batchSize)}, ${String(gpuLayers)} layers on the GPU`;
}

const quietly = { signal: new AbortController().signal, onProgress: (): void => undefined };
