/** The messages of a fast, long answer, as the extension would send them: same code, on a clock of our own. */
import type { BackendEvent } from '../../src/backends/backend.ts';
import { applyEvent, type LiveTurn, settle, startTurn } from '../../src/chat/live-turn.ts';
import { nothingGiven } from '../../src/context/item.ts';
import { TurnStream } from '../../src/chat/turn-stream.ts';
import { liveTurnState, turnState } from '../../src/chat/view-state.ts';
import type { ChatMessage, ChatState, TurnState } from '../../src/protocol/webview.ts';
import text from './answer.md';

export interface TimedMessage {
  /** ms since the start of the stream. */
  readonly at: number;
  readonly message: ChatMessage;
}

const tokensPerSecond = 300;
/** The engine's batches of events, ms. */
const batchMs = 16;
const totalTokens = 2000;
const earlierTurns = 4;
const modelName = 'Qwen3-4B';

export function streamedAnswer(): { readonly messages: readonly TimedMessage[]; readonly tokens: number; readonly ms: number } {
  const tokens = splitTokens();
  let now = 0;
  const turns = new TurnStream(() => now);
  const messages: TimedMessage[] = [];
  let turn = startTurn('live', 'How do I write a cache, and how do I test it?', nothingGiven, 4096, 0);
  const apply = (event: BackendEvent): void => {
    turn = applyEvent(turn, event, modelName, now);
    const { chat } = turns.next(event.type === 'answer' ? { type: 'answer', turn, text: event.text } : { type: 'turn', turn });
    if (chat) messages.push({ at: now, message: chat });
  };

  messages.push({ at: 0, message: { type: 'state', state: chatState([...earlier(), liveTurnState(turn)]) } });
  apply({ type: 'reading', done: 40, total: 40, cached: 0 });
  let sent = 0;
  for (now = batchMs; sent < tokens.length; now += batchMs) {
    const due = Math.min(tokens.length, Math.floor((now / 1000) * tokensPerSecond));
    if (due > sent) apply({ type: 'answer', text: tokens.slice(sent, due).join(''), tokens: due });
    sent = due;
  }
  messages.push({ at: now, message: { type: 'state', state: chatState([...earlier(), finished(turn)]) } });
  return { messages, tokens: tokens.length, ms: now };
}

/** Pieces of about four characters, as a tokeniser makes them; the text over and over until there are enough. */
function splitTokens(): string[] {
  const pieces = text.match(/[ \n]*(?:\w{1,6}|[^\w\s]{1,3})|\s+/g) ?? [];
  return Array.from({ length: totalTokens }, (_, index) => pieces[index % pieces.length] ?? '');
}

const finished = (turn: LiveTurn): TurnState => turnState(settle(turn, 'done'));

/** A conversation has a past, which the view must not draw again with every message. */
function earlier(): TurnState[] {
  return Array.from({ length: earlierTurns }, (_, index) => {
    const asked = startTurn(`earlier-${String(index)}`, `Question ${String(index + 1)}`, nothingGiven, 4096, 0);
    return finished(applyEvent(asked, { type: 'answer', text, tokens: 500 }, modelName, 5000));
  });
}

function chatState(turns: readonly TurnState[]): ChatState {
  return {
    conversationId: 'bench',
    title: 'A cache',
    turns,
    engine: {
      kind: 'ready',
      model: { name: modelName, quantisation: 'Q4_K_M', thinking: 'hybrid', placement: '36/36 layers on the GPU', contextSize: 32_768, demo: false },
    },
    thinking: { mode: 'off', budget: 4096 },
    context: { chips: [], offers: [], leftOut: [] },
    window: { used: 4000, cached: 4000, size: 32_768 },
    tokensPerSecond,
    starters: [],
  };
}
