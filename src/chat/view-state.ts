/** From what is known to what is shown. Pure. */
import * as l10n from '@vscode/l10n';
import type { BackendState } from '../backends/backend.ts';
import { leftOutState } from '../context/words.ts';
import { fileTitle, placement } from '../models/model-words.ts';
import { usualWindow } from '../planner/window.ts';
import type { ModelInfo } from '../protocol/engine.ts';
import type { SetupState } from '../protocol/setup.ts';
import type { ChatState, ContextState, EngineState, ModelState, ThinkingMode, ThinkingState, ThoughtState, TurnState } from '../protocol/webview.ts';
import type { Turn } from './conversation.ts';
import { errorCard } from './error-card.ts';
import type { LiveTurn } from './live-turn.ts';
import type { Outlook } from './next-turn.ts';
import type { ChatSession } from './session.ts';

export interface ThinkingChoice {
  readonly mode: ThinkingMode;
  readonly budget: number;
}

export interface Surroundings {
  readonly backend: BackendState;
  readonly thinking: ThinkingChoice;
  readonly context: ContextState;
  /** Of the workspace. */
  readonly rules?: NonNullable<ChatState['rules']>;
  readonly outlook: Outlook | undefined;
  /** Models to choose from, where none is chosen. */
  readonly setup?: SetupState | undefined;
}

export function chatState(session: ChatSession, { backend, thinking, context, rules = [], outlook, setup }: Surroundings): ChatState {
  const { conversation, live } = session;
  const speed = conversation.turns.findLast((turn) => turn.stats)?.stats?.tokensPerSecond;
  return {
    conversationId: conversation.id,
    title: conversation.title,
    turns: [...conversation.turns.map(turnState), ...(live ? [liveTurnState(live)] : [])],
    engine: engineState(backend),
    ...(setup ? { setup } : {}),
    thinking,
    context: { ...context, leftOut: [...context.leftOut, ...(outlook?.assembled.leftOut ?? []).map(leftOutState)] },
    ...(rules.length > 0 ? { rules } : {}),
    ...(backend.kind === 'ready' ? { window: windowState(session, backend.model, outlook) } : {}),
    ...(conversation.fold || session.compacting ? { folded: foldedState(session) } : {}),
    ...(speed ? { tokensPerSecond: speed } : {}),
    starters: [
      { icon: 'question', text: l10n.t('What can you do?') },
      { icon: 'code', text: l10n.t('Write a function that reverses a string.') },
      { icon: 'regex', text: l10n.t('Write a regex that matches an email address.') },
    ],
  };
}

/** As the next question would fill it; while that is unknown, as the last turn left it. */
function windowState({ window }: ChatSession, model: ModelInfo, outlook: Outlook | undefined): NonNullable<ChatState['window']> {
  const { largestContext: largest, trainedContext: native, yarnFactor } = model;
  const size = windowShown(model);
  const measure = outlook?.assembled.measure;
  const used = measure?.tokens ?? window?.used ?? 0;
  const cached = measure?.restorable ?? window?.cached ?? 0;
  const readSpeed = measure?.readSpeed ?? 0;
  return {
    used,
    cached,
    size,
    largest: Math.max(size, largest),
    ...(yarnFactor > 1 ? { native } : {}),
    ...(readSpeed > 0 ? { firstTokenMs: ((used - cached) / readSpeed) * 1000 } : {}),
  };
}

/** Tokens that a conversation has for the asking: up to the usual window it grows by itself, and nothing is lost by it. */
function windowShown({ contextSize, trainedContext, largestContext }: ModelInfo): number {
  return Math.max(contextSize, Math.min(usualWindow, trainedContext, largestContext));
}

function foldedState({ conversation: { fold }, compacting }: ChatSession): NonNullable<ChatState['folded']> {
  return {
    turns: fold?.turns ?? 0,
    ...(fold?.summary === undefined ? {} : { summary: fold.summary }),
    ...(compacting ? { busy: true } : {}),
  };
}

/** What the engine did to the window for a turn. */
function notices({ resized }: Pick<Turn, 'resized'>): string[] {
  if (!resized) return [];
  const { size, yarnFactor, kvType, why } = resized;
  // That a window is no larger than it has to be is no news.
  if (why === 'grown' && size <= usualWindow && yarnFactor === 1 && kvType === 'f16') return [];
  const tokens = size.toLocaleString();
  const said = {
    grown: () => l10n.t('The window has grown to {0} tokens.', tokens),
    shrunk: () => l10n.t('The window is back at {0} tokens.', tokens),
    memory: () => l10n.t('Memory is short: the window has {0} tokens.', tokens),
  }[why]();
  const kv = { f16: undefined, q8_0: l10n.t('KV cache in 8 bits.'), q4_0: l10n.t('KV cache in 4 bits.') }[kvType];
  return [said, yarnFactor > 1 ? `YaRN ×${String(Math.round(yarnFactor * 10) / 10)}.` : undefined, kv].filter((part) => part !== undefined);
}

export function turnState(turn: Turn): TurnState {
  const { cut, error } = turn;
  return { ...shown(turn), ...(cut ? { cut } : {}), ...(error ? { error: errorCard(error) } : {}) };
}

export function liveTurnState(turn: LiveTurn): TurnState {
  const { status, loaded, reading } = turn;
  return { ...shown(turn), ...(status === 'loading' ? { loaded } : {}), ...(status === 'reading' && reading ? { reading } : {}) };
}

function shown(turn: Turn | LiveTurn): TurnState {
  const { id, question, answer, toolCalls, status, thought, stats } = turn;
  return {
    id,
    question,
    files: files(turn),
    status,
    answer,
    toolCalls,
    ...(thought ? { thought: { ms: thought.ms, tokens: thought.tokens } } : {}),
    ...remarks(turn),
    ...(stats ? { stats } : {}),
  };
}

function files(turn: Pick<Turn, 'files'>): TurnState['files'] {
  return turn.files.map(({ path, kind = 'file', tokens, lines }) => ({
    path: lines ? `${path}:${String(lines.start)}-${String(lines.end)}` : path,
    kind,
    tokens,
  }));
}

/** What the model did not see, and what was done so that it sees the rest. */
function remarks(turn: Pick<Turn, 'leftOut' | 'resized'>): Pick<TurnState, 'leftOut' | 'notices'> {
  const said = notices(turn);
  return { ...(turn.leftOut ? { leftOut: turn.leftOut.map(leftOutState) } : {}), ...(said.length > 0 ? { notices: [said.join(' ')] } : {}) };
}

export function engineState(state: BackendState): EngineState {
  switch (state.kind) {
    case 'off':
    case 'missing':
      return { kind: state.kind };
    case 'idle':
      return { kind: 'idle', name: fileTitle(state.params.modelPath) };
    case 'loading':
      return { kind: 'loading', name: fileTitle(state.params.modelPath), fraction: state.fraction };
    case 'ready':
      return { kind: 'ready', model: modelState(state.model) };
    case 'down':
      return { kind: 'down', message: l10n.t('The engine stopped {0} times in a row and stays down', state.crashes) };
  }
}

export function modelState(model: ModelInfo): ModelState {
  const demo = model.name.startsWith(demoName);
  return {
    name: demo ? demoName : model.name,
    quantisation: model.quantisation,
    thinking: model.thinking,
    placement: placement(model),
    contextSize: windowShown(model),
    demo,
  };
}

/** The bundled demonstration model carries this name in its file; views label it. */
const demoName = 'Tiny Qwen3';

export function thinkingState(session: ChatSession, backend: BackendState, mode: ThinkingMode): ThinkingState {
  const { conversation, live } = session;
  const thoughts = conversation.turns.map((turn) => thoughtState(turn, 'stopped')).filter((thought) => thought !== undefined);
  const current = live && liveThoughtState(live);
  return {
    kind: backend.kind === 'ready' ? backend.model.thinking : undefined,
    modelName: backend.kind === 'ready' ? backend.model.name : undefined,
    mode,
    thoughts: current ? [...thoughts, current] : thoughts,
  };
}

export function liveThoughtState(turn: LiveTurn): ThoughtState | undefined {
  return thoughtState(turn, turn.status === 'thinking' ? 'streaming' : 'done');
}

/** @param open what it is unless something has ended it */
function thoughtState(turn: Turn | LiveTurn, open: ThoughtState['status']): ThoughtState | undefined {
  const { thought } = turn;
  if (!thought) return undefined;
  const { endedBy, ...rest } = thought;
  return {
    ...rest,
    turnId: turn.id,
    question: turn.question,
    status: endedBy ? 'done' : open,
    tokensPerSecond: perSecond(thought),
    ...(endedBy ? { endedBy } : {}),
  };
}

function perSecond({ tokens, ms }: { readonly tokens: number; readonly ms: number }): number {
  return ms > 0 ? (tokens / ms) * 1000 : 0;
}
