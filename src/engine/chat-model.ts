/** The model that chats run on, and its window, which can change while the model is in use. */
import { readGgufFileInfo } from 'node-llama-cpp';
import type { Llama, LlamaContext, LlamaModel, LlamaModelOptions, Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import { infillContext, type ChatEvent, type LoadParams, type ModelInfo } from '../protocol/engine.ts';
import { carryState } from './carry-state.ts';
import type { ChatMachine } from './chat.ts';
import { commonLength } from './common-length.ts';
import { openContext } from './context.ts';
import { describeModel } from './describe.ts';
import { loadModel, markersOf, openLlama, readTemplate, threadsFor, type Loaded, type LoadOptions } from './llama.ts';
import { memoryFacts } from './memory-facts.ts';
import { shapeOf } from './model-shape.ts';
import { attemptPlans } from '../planner/attempts.ts';
import { windowsOf } from '../planner/scaling.ts';
import type { ModelShape } from '../planner/shape.ts';
import { planWindow, type MemoryFacts, type WindowFacts, type WindowNeed, type WindowPlan } from '../planner/window.ts';
import { thinkingKind } from './thinking-kind.ts';

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
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly plan: WindowPlan;
  readonly machine: ChatMachine;
  readonly info: ModelInfo;
}

/**
 * @throws PonderError `gpu-unavailable`, `model-missing`, `model-not-gguf`, `model-unreadable`, `model-not-chat`,
 *   `context-too-large`
 */
export async function loadChatModel(params: LoadParams, options: LoadOptions): Promise<ChatModel> {
  const llama = await openLlama(params, options.log);
  try {
    const chat = new ChatModel(llama, params, corrected(await readShape(params.modelPath), params), options.log);
    await chat.begin(options);
    return chat;
  } catch (error) {
    await llama.dispose();
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

export class ChatModel implements Loaded {
  #opened: Opened | undefined;
  #model: LlamaModel | undefined;
  /** Bytes of the smallest plan that has failed. */
  #failed = Infinity;

  constructor(
    private readonly llama: Llama,
    private readonly params: LoadParams,
    private readonly shape: ModelShape,
    private readonly log: LoadOptions['log'],
  ) {}

  get info(): ModelInfo {
    return this.#require().info;
  }

  get machine(): ChatMachine {
    return this.#require().machine;
  }

  /** Of the context, bytes: as planned, and as llama.cpp says it has allocated. */
  memory = { predicted: 0, allocated: 0 };

  async begin(options: LoadOptions): Promise<void> {
    const need = { prompt: 0, output: 0 };
    const facts = await this.facts();
    await this.#attempt(planWindow(need, facts), need, facts, options);
  }

  /** What has to be done for a prompt to fit; undefined: nothing. Does nothing itself. */
  async plan(prompt: number, output: number): Promise<WindowChange | undefined> {
    const { plan: current } = this.#require();
    const need = { prompt, output };
    const facts = await this.facts();
    const plan = planWindow(need, facts, current);
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
      const { context, machine, info, plan: now } = this.#require();
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

  async dispose(): Promise<void> {
    this.#opened = undefined;
    await this.llama.dispose();
  }

  async #attempt(plan: WindowPlan, need: WindowNeed, facts: WindowFacts, options?: LoadOptions): Promise<void> {
    await attemptPlans(plan, need, facts, (next) => this.#open(next, options), (failed, next) => {
      this.#failed = Math.min(this.#failed, failed.memory.total);
      this.log('warn', `no memory for ${inWords(failed)}; ${next ? `trying ${inWords(next)}` : 'nothing less is left to try'}`);
    });
  }

  async #open(plan: WindowPlan, options: Pick<LoadOptions, 'signal' | 'onProgress'> = quietly): Promise<void> {
    const previous = this.#opened?.plan;
    if (!this.#model || !previous || !sameModel(plan, previous)) {
      const old = this.#model;
      this.#model = undefined;
      await old?.dispose();
      this.#model = await this.#load(plan, options);
    }
    const model = this.#model;
    const template = readTemplate(model);
    const thinking = thinkingKind((on) => template.render({ messages: [{ role: 'user', content: 'x' }], thinking: on }));
    const threads = threadsFor(this.params, this.llama);
    const before = await this.llama.getLlamaMemoryUsage();
    const context = await openContext(model, plan, threads);
    const after = await this.llama.getLlamaMemoryUsage();
    this.memory = { predicted: Math.round(plan.memory.context), allocated: after.cpuRam + after.gpuVram - before.cpuRam - before.gpuVram };
    this.log('info', `window: ${inWords(plan)}; ${String(this.memory.predicted)} bytes predicted, ${String(this.memory.allocated)} allocated`);
    this.#opened = {
      model,
      context,
      plan,
      machine: { model, sequence: context.getSequence(), template, markers: markersOf(model), thinking, readingSpeed: 0 },
      info: describeModel(this.params.modelPath, model, { ...this.shape, thinking: this.params.profile?.thinking ?? thinking }, context.contextSize, plan, threads),
    };
  }

  async #load(plan: WindowPlan, options: Pick<LoadOptions, 'signal' | 'onProgress'>): Promise<LlamaModel> {
    const how: Pick<LlamaModelOptions, 'metadataOverrides'> = scaling(this.shape, plan.yarnFactor);
    try {
      return await loadModel(this.llama, this.params, { ...how, gpuLayers: plan.gpuLayers }, options);
    } catch (error) {
      if (this.params.gpuLayers !== undefined || !(error instanceof PonderError) || error.code !== 'context-too-large') throw error;
      // The planner thought too well of the GPU: the library is asked, which tries it out.
      const contextSize = plan.contextSize + infillContext;
      return loadModel(this.llama, this.params, { ...how, gpuLayers: { fitContext: { contextSize } } }, options);
    }
  }

  /** What plans are made from, as it is now. */
  async facts(): Promise<WindowFacts> {
    const { contextSize, kvType, gpuLayers } = this.params;
    const mapped = this.#model ? this.shape.weights.total : 0;
    const memory: MemoryFacts = { ...(await memoryFacts(this.llama, mapped)), failed: this.#failed };
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
