import type { Token } from 'node-llama-cpp';
import type { LogLevel } from '../base/log.ts';
import { Mutex } from '../base/async.ts';
import { PonderError } from '../base/errors.ts';
import type {
  ChatEvent,
  ChatParams,
  ChatResult,
  EngineStatus,
  InfillInfo,
  InfillParams,
  InfillResult,
  InfillSource,
  InfillToken,
  LoadParams,
  ModelInfo,
  PromptMeasure,
  PromptParams,
  ScoreParams,
  ThreadTuning,
} from '../protocol/engine.ts';
import { answerReserve, ChatTurn } from './chat.ts';
import { loadChatModel, type ChatModel, type Gate, type WindowChange, type WindowEvent } from './chat-model.ts';
import { EventBatcher } from './event-batcher.ts';
import { runInfill, scoreInfill } from './infill.ts';
import { openInfill, type InfillMachine } from './infill-machine.ts';
import { measurePrompt, preread, promptTokens } from './preread.ts';
import type { Pass, Urgency } from './scheduler.ts';
import type { Shared } from './shared.ts';
import { IdleTimer } from './snapshots.ts';
import type { ThreadTuner } from './threads/tuner.ts';
import { openSnapshots } from './snapshots-of.ts';
import { engineStatus } from './status.ts';

/** From the end of the last request to the saving of what it left: someone who goes on asking is not kept waiting. */
const saveDelayMs = 5000;

/**
 * From the end of the last request to measuring threads. Not as part of loading, because who loads waits for an answer:
 * until it is measured, a thread for each core is nearly always right.
 */
const measureDelayMs = 1500;

const uninterrupted = new AbortController().signal;

interface Call<E> {
  readonly signal: AbortSignal;
  readonly emit: (event: E) => void;
}

/** What is loaded for a window, and the requests on it: one chat and one completion at a time, a step of one or the other. */
export class Engine {
  #chat: ChatModel | undefined;
  #infill: InfillMachine | undefined;
  /** What completions were opened on last: asked for again it is not opened anew, and lost with its model it is. */
  #infillSource: InfillSource | undefined;
  /** Chats exclude each other and what loads and frees their model; likewise completions. */
  readonly #chatTurns = new Mutex();
  readonly #infillTurns = new Mutex();
  /** Aborts what is done in the background, whatever it is. */
  #background = new AbortController();
  #active = 0;
  /** Whether a chat or a preread may have left something in the KV cache that is not on disk. */
  #unsaved = false;
  readonly #idle = new IdleTimer(saveDelayMs, () => void this.#saveSnapshot());
  readonly #quiet = new IdleTimer(measureDelayMs, () => void this.#measureThreads());
  #answerWanted = false;
  /** The window as the host knows it. */
  #told: ModelInfo | undefined;
  /** Done when no window is being changed: until then the chat's model may be none. */
  #settled: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly shared: Shared,
    private readonly log: (level: LogLevel, message: string) => void,
  ) {}

  load(params: LoadParams, { signal, emit }: Call<{ fraction: number }>): Promise<ModelInfo> {
    return this.#alone(signal, async () => {
      await this.#freeAll();
      const options = { signal, onProgress: (fraction: number) => emit({ fraction }), log: this.log };
      this.#chat = await loadChatModel(params, this.shared.pool, options, this.#gate('chat'));
      if (params.snapshots) this.#chat.machine.snapshots = await openSnapshots(params.snapshots, this.#chat, this.log);
      this.#told = this.#chat.info;
      return this.#told;
    });
  }

  async unload(): Promise<Record<string, never>> {
    await this.#alone(undefined, () => this.#freeAll());
    return {};
  }

  chat(params: ChatParams, { signal, emit: send }: Call<ChatEvent[]>): Promise<ChatResult> {
    this.#stopBackground();
    const work = async (): Promise<ChatResult> => {
      const batcher = new EventBatcher(send);
      const emit = (event: ChatEvent): void => batcher.push(event);
      this.#answerWanted = false;
      try {
        // Before the chat is let in: a completion that a change of model waits for would stand still for it.
        await this.#makeRoom(params, signal, emit);
        const turn = await ChatTurn.open(this.#requireChat().machine, params);
        for (;;) {
          const { machine } = this.#requireChat();
          const result = await this.shared.scheduler.admit('chat', signal, (pass) =>
            turn.run(machine, { signal, pass: machine.threads.pass(pass), emit, wantsAnswer: () => this.#answerWanted }),
          );
          if (result) return result;
          // Outside as well.
          if (!(await this.#makeMoreRoom(turn, signal, emit))) return turn.end('length', emit);
        }
      } finally {
        this.#unsaved = true;
        batcher.flush();
      }
    };
    return this.#counted(() => this.#chatTurns.run(work, signal));
  }

  async measure(params: PromptParams): Promise<PromptMeasure> {
    await this.#settled;
    return measurePrompt(this.#requireChat(), params);
  }

  preread(params: PromptParams, { signal }: Call<never>): Promise<{ read: number }> {
    const gone = AbortSignal.any([signal, this.#background.signal]);
    const work = async (): Promise<{ read: number }> => {
      await this.#makeRoomAhead(params, gone);
      return this.shared.scheduler.admit('background', gone, async (pass) => {
        this.#unsaved = true;
        const { machine } = this.#requireChat();
        return { read: await preread(machine, params, machine.threads.pass(pass)) };
      });
    };
    return this.#counted(() => this.#chatTurns.run(work, gone));
  }

  openInfill(source: InfillSource, { signal }: Call<never>): Promise<InfillInfo> {
    const open = async (): Promise<InfillInfo> => {
      signal.throwIfAborted();
      // The host asks again whenever the chat's window has changed; most often that left this context alone.
      if (this.#infill && JSON.stringify(source) === JSON.stringify(this.#infillSource)) return this.#infill.info;
      await this.#freeInfill();
      await this.#openInfill(source, signal);
      return this.#requireInfill().info;
    };
    return this.#counted(() => this.#infillTurns.run(open, signal));
  }

  async closeInfill(): Promise<Record<string, never>> {
    await this.#infillTurns.run(() => this.#freeInfill());
    return {};
  }

  infill(params: InfillParams, { signal, emit }: Call<InfillToken[]>): Promise<InfillResult> {
    return this.#fill(params.urgency, signal, (pass) => runInfill(this.#requireInfill(), params, pass, (token) => emit([token])));
  }

  score(params: ScoreParams, { signal }: Call<never>): Promise<number> {
    return this.#fill('background', signal, (pass) => scoreInfill(this.#requireInfill(), params, pass));
  }

  answerNow(): Promise<Record<string, never>> {
    this.#answerWanted = true;
    return Promise.resolve({});
  }

  async countTokens(texts: readonly string[]): Promise<number[]> {
    await this.#settled;
    const { model } = this.#requireChat().machine;
    return texts.map((text) => model.tokenize(text).length);
  }

  /** Before a chat that is asked for meanwhile: it takes two or three seconds. */
  tuneThreads({ signal, emit }: Call<{ fraction: number }>): Promise<ThreadTuning> {
    this.#stopBackground();
    const onProgress = (fraction: number): void => emit({ fraction });
    return this.shared.tuning.run(
      () =>
        this.#turn(this.#chatTurns, 'chat', signal, async (pass) => {
          const { threads: tuner } = this.#requireChat();
          if (!tuner) throw notLoaded();
          const { threads, reading, speeds, disturbed } = await tuner.tune({ pool: this.shared.pool, pass, anew: true, onProgress });
          return { threads, reading, speeds: [...speeds], disturbed, inForce: tuner.control.count };
        }),
      signal,
    );
  }

  status(): Promise<EngineStatus> {
    return Promise.resolve(engineStatus({ chat: this.#chat, infill: this.#infill, active: this.#active, shared: this.shared }));
  }

  /** Once the window has gone, and the signals of its requests are aborted: frees all that it had. */
  async dispose(): Promise<void> {
    await this.unload();
    this.#idle.stop();
    this.#quiet.stop();
  }

  /**
   * Sees to it that a prompt finds a window that holds it and an answer.
   * @throws PonderError `prompt-too-long` where even the largest does not
   */
  async #makeRoom(params: ChatParams, signal: AbortSignal, emit: (event: ChatEvent) => void): Promise<void> {
    const chat = this.#requireChat();
    const prompt = promptTokens(chat.machine, params);
    const change = await this.#planFor(chat, prompt, params.maxTokens);
    if (prompt.length + answerReserve > (change?.plan.largest ?? Infinity)) throw tooLong(prompt.length, change?.plan.largest ?? 0);
    const event = change && (await this.#change(chat, change, prompt, signal));
    this.#tell(chat.info, event?.why, emit);
    const { contextSize } = chat.info;
    if (prompt.length + answerReserve > contextSize) throw tooLong(prompt.length, contextSize);
  }

  /** For reading ahead, whose prompt will most likely be asked: only what costs nothing but memory. */
  async #makeRoomAhead(params: PromptParams, signal: AbortSignal): Promise<void> {
    const chat = this.#requireChat();
    const prompt = promptTokens(chat.machine, params);
    const change = await this.#planFor(chat, prompt, undefined);
    const { contextSize, kvType } = chat.info;
    if (!change || change.reloads || change.plan.kvType !== kvType || change.plan.contextSize < contextSize) return;
    await this.#change(chat, change, prompt, signal);
  }

  /** What a prompt can bring back from disk has to find room too. */
  async #planFor(chat: ChatModel, prompt: readonly Token[], maxTokens: number | undefined): Promise<WindowChange | undefined> {
    const { machine, info } = chat;
    const restorable = await machine.snapshots?.restorable(machine, prompt, info.largestContext);
    return chat.plan(prompt.length, maxTokens, restorable?.all);
  }

  /** Says what the window is, unless the host knows. It hears of it with an answer, whenever it has changed. */
  #tell(model: ModelInfo, why: WindowEvent['why'] | undefined, emit: (event: ChatEvent) => void): void {
    const before = this.#told;
    this.#told = model;
    if (!before) return;
    const same = before.contextSize === model.contextSize && before.yarnFactor === model.yarnFactor && before.kvType === model.kvType && before.gpuLayers === model.gpuLayers;
    if (same && why !== 'memory') return;
    emit({ type: 'window', from: before.contextSize, model, why: why === 'memory' ? why : model.contextSize >= before.contextSize ? 'grown' : 'shrunk' });
  }

  /** @returns false where an answer that has filled its window can have no larger one */
  async #makeMoreRoom(turn: ChatTurn, signal: AbortSignal, emit: (event: ChatEvent) => void): Promise<boolean> {
    const chat = this.#requireChat();
    const before = chat.info.contextSize;
    const change = await chat.planFurther(turn.length, turn.left);
    if (!change || (change.reloads && !turn.survivesReload)) return false;
    const { why } = await this.#change(chat, change, turn.text, signal);
    this.#tell(chat.info, why, emit);
    return chat.info.contextSize > before;
  }

  /** With no completion running. What happens to completions by it is made good. */
  #change(chat: ChatModel, change: WindowChange, prompt: readonly Token[], signal: AbortSignal): Promise<WindowEvent> {
    return this.#infillTurns.run(async () => {
      const source = this.#infillSource;
      if (change.reloads && !source?.model) await this.#freeInfill();
      try {
        const changing = chat.change(change, prompt);
        this.#settled = changing.catch(() => undefined);
        return await changing;
      } catch (error) {
        await this.#freeAll();
        throw error;
      } finally {
        // Its context went with the model; a completion that is on its way need not know.
        if (source && !this.#infill && this.#chat) await this.#reopenInfill(source, signal);
      }
    }, signal);
  }

  async #reopenInfill(source: InfillSource, signal: AbortSignal): Promise<void> {
    try {
      await this.#openInfill(source, signal);
    } catch (error) {
      this.log('warn', `completions have no context any more: ${String(error)}`);
    }
  }

  async #openInfill(source: InfillSource, signal: AbortSignal): Promise<void> {
    const options = { signal, onProgress: () => undefined, log: this.log };
    this.#infill = await openInfill(source, this.#chat, this.shared.pool, options, this.#gate('typing'));
    this.#infillSource = source;
  }

  /** Contexts are made between two steps of whoever has one. */
  #gate(urgency: Urgency): Gate {
    return (task) => this.shared.scheduler.admit(urgency, uninterrupted, (pass) => pass.step(task));
  }

  /** In the background, ends with an AbortError once someone types: it may be waiting for a chat, who types does not. */
  #fill<T>(urgency: InfillParams['urgency'], signal: AbortSignal, work: (pass: Pass) => Promise<T>): Promise<T> {
    const capped = (pass: Pass): Promise<T> => work(this.#requireInfill().threads.pass(pass));
    if (urgency === 'background') return this.#turn(this.#infillTurns, urgency, AbortSignal.any([signal, this.#background.signal]), capped);
    this.#stopBackground();
    return this.#turn(this.#infillTurns, urgency, signal, capped);
  }

  #stopBackground(): void {
    this.#background.abort();
    this.#background = new AbortController();
  }

  /** One request among its like, and a pass for its steps. */
  #turn<T>(turns: Mutex, urgency: Urgency, signal: AbortSignal, work: (pass: Pass) => Promise<T>): Promise<T> {
    return this.#counted(() => turns.run(() => this.shared.scheduler.admit(urgency, signal, work), signal));
  }

  /** With neither a chat nor a completion running. */
  #alone<T>(signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
    this.#stopBackground();
    return this.#counted(() => this.#chatTurns.run(() => this.#infillTurns.run(task, signal), signal));
  }

  async #counted<T>(task: () => Promise<T>): Promise<T> {
    this.#active++;
    this.#idle.stop();
    this.#quiet.stop();
    try {
      return await task();
    } finally {
      this.#active--;
      if (this.#active === 0 && this.#unsaved) this.#idle.restart();
      if (this.#active === 0 && this.#unmeasured()) this.#quiet.restart();
    }
  }

  /** Ends without a trace when something else comes before the state is being written, which nothing can interrupt. */
  async #saveSnapshot(): Promise<void> {
    const machine = this.#chat?.machine;
    if (!machine?.snapshots || this.#active > 0) return;
    const { signal } = this.#background;
    this.#unsaved = false;
    try {
      await machine.snapshots.save(machine, (evaluate) => this.#turn(this.#chatTurns, 'background', signal, (pass) => pass.step(evaluate)));
    } catch (error) {
      this.log('warn', `snapshots: could not save: ${String(error)}`);
    }
    if (!signal.aborted) return;
    this.#unsaved = true;
    if (this.#active === 0) this.#idle.restart();
  }

  /** Whose threads should be measured, and what excludes its being freed meanwhile. */
  #unmeasured(): { readonly tuner: ThreadTuner; readonly turns: Mutex } | undefined {
    const chat = this.#chat?.threads;
    if (chat?.wanted) return { tuner: chat, turns: this.#chatTurns };
    const infill = this.#infill?.tuner;
    return infill?.wanted ? { tuner: infill, turns: this.#infillTurns } : undefined;
  }

  /** Ends without a trace when something else comes, and begins anew when that is over. */
  async #measureThreads(): Promise<void> {
    const { signal } = this.#background;
    const unmeasured = this.#unmeasured();
    if (!unmeasured || this.#active > 0) return;
    const { tuner, turns } = unmeasured;
    const measure = (): Promise<unknown> => this.#turn(turns, 'background', signal, async (pass) => (tuner.wanted ? tuner.tune({ pool: this.shared.pool, pass, anew: false }) : undefined));
    try {
      await this.shared.tuning.run(measure, signal);
    } catch (error) {
      if (!signal.aborted) this.log('warn', `threads: could not measure: ${String(error)}`);
    }
  }

  async #freeAll(): Promise<void> {
    await this.#freeInfill();
    const chat = this.#chat;
    this.#chat = undefined;
    await chat?.dispose();
  }

  async #freeInfill(): Promise<void> {
    const infill = this.#infill;
    this.#infill = undefined;
    this.#infillSource = undefined;
    await infill?.dispose();
  }

  #requireChat(): ChatModel {
    if (!this.#chat) throw notLoaded();
    return this.#chat;
  }

  #requireInfill(): InfillMachine {
    if (!this.#infill) throw notLoaded();
    return this.#infill;
  }
}

function tooLong(tokens: number, window: number): PonderError {
  return new PonderError('prompt-too-long', `The prompt has ${String(tokens)} tokens, the largest window ${String(window)}.`, { tokens, window });
}

function notLoaded(): PonderError {
  return new PonderError('model-not-chosen', 'No model is loaded.');
}
