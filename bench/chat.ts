import path from 'node:path';
import { root } from '../scripts/lib/paths.mjs';
import type { BackendEvent } from '../src/backends/backend.ts';
import { LocalBackend } from '../src/backends/local.ts';
import { silentLogger } from '../src/base/log.ts';
import { newConversation } from '../src/chat/conversation.ts';
import { ChatSession } from '../src/chat/session.ts';
import { TokenCounts } from '../src/context/token-counts.ts';
import { recommendedGeneration } from '../src/models/generation.ts';
import type { ChatParams, ChatResult } from '../src/protocol/engine.ts';
import type { ThinkingMode } from '../src/protocol/webview.ts';
import { loadParams } from './engine/load.ts';
import type { BenchOptions, Suite } from './row.ts';

const name = 'chat.second-turn.extra-tokens';

const questions = ['Explain the function clamp.', 'Write a test for cartTotal.'] as const;

/** What a template writes at the end of a prompt when a hybrid model is not to think, and takes away from past turns. */
const closedThought = '<think>\n\n</think>\n\n';

/**
 * Tokens that the second turn of a conversation reads again without need. Needed are the new ones and the last answer:
 * its tokens move when the template drops the thought before them. Both turns go through the chat session, so that
 * the history is what the extension would send.
 *
 * From one prompt to the next, the added tokens are the answer, the end of its turn, the question and the opening of
 * the next answer. Where thinking is off, that opening holds a closed thought which the history does not, so the new
 * tokens are by those more than the prompts differ in length.
 */
export const chat: Suite = {
  rows: [{ name, unit: 'tokens', target: { relation: '<=', value: 0 } }],
  needs: [],
  async *measure(_wanted, options) {
    const [off, on] = [await secondTurn(options, 'off'), await secondTurn(options, 'on')];
    yield {
      row: name,
      value: Math.max(off.extra, on.extra),
      note: `without thinking: ${off.note}; with thinking: ${on.note}`,
    };
  },
};

/** Keeps the result of every chat that passes through. */
class RecordingBackend extends LocalBackend {
  readonly results: ChatResult[] = [];

  override async *chat(params: ChatParams, signal: AbortSignal): AsyncGenerator<BackendEvent, void, void> {
    for await (const event of super.chat(params, signal)) {
      if (event.type === 'end') this.results.push(event.result);
      yield event;
    }
  }
}

async function secondTurn(options: BenchOptions, mode: ThinkingMode): Promise<{ readonly extra: number; readonly note: string }> {
  const backend = new RecordingBackend({ entry: path.join(root, 'dist/engine.mjs'), logger: silentLogger });
  backend.useModel(loadParams(options));
  try {
    const session = createSession(backend, mode);
    for (const question of questions) await session.ask(question);
    const [first, second] = backend.results;
    const [turn] = session.conversation.turns;
    if (!first || !second || !turn?.answer) throw new Error(`A turn brought no answer: ${JSON.stringify(session.conversation.turns)}`);
    const { thinking } = await backend.ensureReady();
    const [answer = 0, closing = 0] = await backend.countTokens([turn.answer, closedThought]);
    const needed = second.promptTokens - first.promptTokens + (mode === 'off' && thinking === 'hybrid' ? closing : 0);
    const read = second.promptTokens - second.cachedTokens;
    return {
      extra: read - needed,
      note: `read ${String(read)} of ${String(second.promptTokens)}, needed ${String(needed)} (last answer ${String(answer)}, thought ${String(first.thoughtTokens)})`,
    };
  } finally {
    backend.dispose();
  }
}

function createSession(backend: LocalBackend, mode: ThinkingMode): ChatSession {
  let ids = 0;
  return new ChatSession(
    {
      backend,
      counts: new TokenCounts(backend),
      thinking: () => ({ mode, budget: 512 }),
      generation: recommendedGeneration,
      save: () => Promise.resolve(),
      newId: () => String(++ids),
      now: () => performance.now(),
      wallClock: () => Date.now(),
      logger: silentLogger,
      sampling: { temperature: 0.6, topP: 0.95, topK: 20, minP: 0, seed: 1 },
    },
    newConversation('bench', 0),
  );
}
