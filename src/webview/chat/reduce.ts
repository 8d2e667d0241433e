import type { ChatMessage, ChatState, TurnState } from '../../protocol/webview.ts';

/** What the chat view draws. */
export interface ChatView {
  /** Absent until the host has spoken. */
  readonly chat: ChatState | undefined;
  /** The last answer to scroll to; `count` tells one wish from the next. */
  readonly reveal: { readonly turnId: string; readonly count: number } | undefined;
  /** The last call into the composer. */
  readonly compose: { readonly text: string | undefined; readonly count: number } | undefined;
  /** The last answer to what followed `@`. */
  readonly mentions: Extract<ChatMessage, { type: 'mentions' }> | undefined;
  /** The last answer to what followed `/`. */
  readonly slashes: Extract<ChatMessage, { type: 'slashes' }> | undefined;
}

export const initialView: ChatView = { chat: undefined, reveal: undefined, compose: undefined, mentions: undefined, slashes: undefined };

export function reduce(view: ChatView, message: ChatMessage): ChatView {
  switch (message.type) {
    case 'state':
      return { ...view, chat: message.state };
    case 'turn':
      return changeTurns(view, (turns) => withTurn(turns, message.turn));
    case 'append':
      return changeTurns(view, (turns) =>
        turns.map((turn) => (turn.id === message.turnId ? { ...turn, answer: turn.answer + message.text } : turn)),
      );
    case 'compose':
      return { ...view, compose: { text: message.text, count: (view.compose?.count ?? 0) + 1 } };
    case 'reveal':
      return { ...view, reveal: { turnId: message.turnId, count: (view.reveal?.count ?? 0) + 1 } };
    case 'mentions':
      return { ...view, mentions: message };
    case 'slashes':
      return { ...view, slashes: message };
  }
}

function changeTurns(view: ChatView, change: (turns: readonly TurnState[]) => readonly TurnState[]): ChatView {
  return view.chat ? { ...view, chat: { ...view.chat, turns: change(view.chat.turns) } } : view;
}

function withTurn(turns: readonly TurnState[], turn: TurnState): readonly TurnState[] {
  return turns.some((known) => known.id === turn.id)
    ? turns.map((known) => (known.id === turn.id ? turn : known))
    : [...turns, turn];
}

/** True while the engine works on the turn. */
export function isRunning(turn: TurnState | undefined): boolean {
  return turn !== undefined && turn.status !== 'done' && turn.status !== 'stopped' && turn.status !== 'failed';
}
