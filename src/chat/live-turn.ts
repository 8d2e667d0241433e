/** A turn while it runs: backend events in, a picture of the turn out. No effects; time comes in from outside. */
import type { BackendEvent } from '../backends/backend.ts';
import type { TurnStatus } from '../protocol/webview.ts';
import type { Given } from '../context/item.ts';
import type { Thought, Turn } from './conversation.ts';

type Running = Extract<TurnStatus, 'loading' | 'reading' | 'thinking' | 'writing'>;

export interface LiveTurn extends Omit<Turn, 'status'> {
  readonly status: Running;
  /** Thought budget in tokens. */
  readonly budget: number;
  /** When the current phase began, and the turn; ms on the caller's clock. */
  readonly phaseStart: number;
  readonly start: number;
  /** Share of the model loaded while `loading`. */
  readonly loaded: number;
  readonly reading?: { readonly done: number; readonly total: number; readonly cached: number; readonly restored: number; readonly msLeft: number | undefined };
  /** Tokens of the answer so far. */
  readonly tokens: number;
  /** Window filled after the turn, known at its end. */
  readonly window?: { readonly used: number; readonly cached: number };
}

export function startTurn(id: string, question: string, { items, leftOut }: Given, budget: number, now: number): LiveTurn {
  return {
    id,
    question,
    files: [...items],
    ...(leftOut.length > 0 ? { leftOut: [...leftOut] } : {}),
    answer: '',
    toolCalls: [],
    status: 'loading',
    budget,
    start: now,
    phaseStart: now,
    loaded: 0,
    tokens: 0,
  };
}

export function applyEvent(turn: LiveTurn, event: BackendEvent, model: string, now: number): LiveTurn {
  switch (event.type) {
    case 'reading': {
      const { done, total, cached, restored = 0 } = event;
      const started = enter(turn, 'reading', now);
      const perToken = (now - started.phaseStart) / Math.max(1, done - cached);
      const msLeft = done > cached && done < total ? (total - done) * perToken : undefined;
      return { ...started, reading: { done, total, cached, restored, msLeft } };
    }
    case 'window': {
      const { contextSize, yarnFactor, kvType } = event.model;
      return { ...turn, resized: { size: contextSize, yarnFactor, kvType, why: event.why } };
    }
    case 'thought': {
      const started = enter(turn, 'thinking', now, turn.thought?.ms);
      const before = started.thought ?? { text: '', tokens: 0, ms: 0, budget: turn.budget, steps: [] };
      const ms = now - started.phaseStart;
      const text = before.text + event.text;
      return { ...started, thought: { ...before, text, ms, tokens: event.tokens, steps: trackSteps(before.steps, text, before.text.length, ms) } };
    }
    case 'thoughtEnd':
      return turn.thought
        ? { ...turn, thought: { ...turn.thought, ms: now - turn.phaseStart, tokens: event.tokens, endedBy: event.by } }
        : turn;
    case 'answer': {
      const started = enter(turn, 'writing', now, written(turn));
      return { ...started, answer: started.answer + event.text, tokens: event.tokens, stats: statsOf(started, event.tokens, model, now) };
    }
    case 'toolCall':
      return { ...enter(turn, 'writing', now), toolCalls: [...turn.toolCalls, event.call] };
    case 'end': {
      const { result } = event;
      const generated = result.thoughtTokens + result.answerTokens;
      return {
        ...turn,
        tokens: result.answerTokens,
        ...(result.reason === 'length' ? { cut: 'length' as const } : {}),
        stats: {
          tokens: result.answerTokens,
          tokensPerSecond: rate(generated - 1, result.generationMs),
          firstTokenMs: result.firstTokenMs,
          model,
        },
        window: { used: result.usedTokens, cached: result.promptTokens },
      };
    }
  }
}

/** The turn as it is kept. */
export function settle(turn: LiveTurn, status: Turn['status'], error?: Turn['error']): Turn {
  const { id, question, files, leftOut, resized, thought, answer, toolCalls, cut, stats } = turn;
  return {
    id,
    question,
    files,
    answer,
    toolCalls,
    status,
    ...(leftOut ? { leftOut } : {}),
    ...(resized ? { resized } : {}),
    ...(thought ? { thought } : {}),
    ...(cut ? { cut } : {}),
    ...(stats ? { stats } : {}),
    ...(error ? { error } : {}),
  };
}

/** Adds a step for each paragraph that begins in the text from `from` on. */
export function trackSteps(steps: Thought['steps'], text: string, from: number, ms: number): Thought['steps'] {
  const found = text === '' || steps.length > 0 ? [...steps] : [{ start: 0, ms: 0 }];
  const gap = /\n[ \t]*\n\s*(?=\S)/g;
  // A gap may have begun in the text before.
  const last = found.at(-1)?.start ?? 0;
  gap.lastIndex = Math.max(last, text.lastIndexOf('\n\n', from) - 1, 0);
  for (let match = gap.exec(text); match; match = gap.exec(text)) {
    if (gap.lastIndex > last) found.push({ start: gap.lastIndex, ms });
  }
  return found;
}

/** @param spent ms of this phase already: all may have to be read again in the middle of it, for a larger window */
function enter(turn: LiveTurn, status: Running, now: number, spent = 0): LiveTurn {
  return turn.status === status ? turn : { ...turn, status, phaseStart: now - spent };
}

/** ms that the answer took so far. */
function written({ tokens, stats }: LiveTurn): number {
  return stats && stats.tokensPerSecond > 0 ? ((tokens - 1) / stats.tokensPerSecond) * 1000 : 0;
}

function statsOf(turn: LiveTurn, tokens: number, model: string, now: number): NonNullable<Turn['stats']> {
  return {
    tokens,
    tokensPerSecond: rate(tokens - 1, now - turn.phaseStart),
    firstTokenMs: turn.stats?.firstTokenMs ?? now - turn.start,
    model,
  };
}

function rate(tokens: number, ms: number): number {
  return ms > 0 && tokens > 0 ? (tokens / ms) * 1000 : 0;
}
