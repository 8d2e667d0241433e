/**
 * Turns session changes into messages for the views: whole turns when a phase changes or figures are due, small
 * appends between, so that a long answer is not sent again for each of its tokens.
 */
import type { ChatMessage, ThinkingMessage } from '../protocol/webview.ts';
import type { LiveTurn } from './live-turn.ts';
import type { SessionChange } from './session.ts';
import { liveThoughtState, liveTurnState } from './view-state.ts';

export interface TurnMessages {
  readonly chat?: ChatMessage;
  readonly thinking?: ThinkingMessage;
}

/** Time between two updates of figures such as tokens per second, ms. */
const figuresInterval = 200;

export class TurnStream {
  #phase = '';
  #figuresAt = 0;

  constructor(private readonly now: () => number) {}

  next(change: Exclude<SessionChange, { readonly type: 'conversation' }>): TurnMessages {
    const { turn } = change;
    const phase = `${turn.id} ${turn.status}`;
    const whole = change.type === 'turn' || phase !== this.#phase || this.now() - this.#figuresAt >= figuresInterval;
    this.#phase = phase;
    if (whole) {
      this.#figuresAt = this.now();
      return wholeTurn(turn);
    }
    const append = { type: 'append', turnId: turn.id, text: change.text } as const;
    return change.type === 'answer' ? { chat: append } : { thinking: append };
  }
}

function wholeTurn(turn: LiveTurn): TurnMessages {
  const thought = liveThoughtState(turn);
  return { chat: { type: 'turn', turn: liveTurnState(turn) }, ...(thought ? { thinking: { type: 'thought', thought } } : {}) };
}
