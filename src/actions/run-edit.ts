/** One edit: asks the model, follows what it writes, and says what the document would be. */
import type { Backend, BackendEvent } from '../backends/backend.ts';
import { AsyncQueue } from '../base/async.ts';
import type { ChatParams, Message, ModelInfo, Sampling } from '../protocol/engine.ts';
import { thoughtBudget } from '../protocol/webview.ts';
import type { EditEvent, EditRequest, RunEdit } from './edit.ts';
import { askAgain, editMessages, grammarOf, original } from './edit-prompt.ts';
import { sameLines } from './lines.ts';
import { proposalOf } from './proposal.ts';

/** The likeliest token each time: an edit is to be the same twice, and what is looked up in the prompt is then exact. */
const greedy: Sampling = { temperature: 0, topP: 1, topK: 0, minP: 0 };

/** After an answer that nothing can be made of, the model is told so and asked once more. */
const attempts = 2;

export const runEdit: RunEdit = async function* (backend, request, signal) {
  const model = yield* load(backend, signal);
  let messages = editMessages(request);
  let answer = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) messages = askAgain(messages, answer);
    const { text, whole } = yield* write(backend.chat(await paramsOf(request, messages, model), signal), request);
    const lines = whole ? proposalOf(request.target, text) : undefined;
    if (lines && !sameLines(lines, request.target.lines)) {
      yield { type: 'proposal', lines };
      yield { type: 'end', changed: true };
      return;
    }
    answer = text;
  }
  // What was shown of it goes.
  yield { type: 'proposal', lines: request.target.lines };
  yield { type: 'end', changed: false, answer };
};

async function* load(backend: Backend, signal: AbortSignal): AsyncGenerator<EditEvent, ModelInfo, void> {
  const progress = new AsyncQueue<EditEvent>();
  const listener = backend.onDidChangeState((state) => {
    if (state.kind === 'loading') progress.push({ type: 'progress', stage: 'loading', fraction: state.fraction });
  });
  const ready = backend.ensureReady(signal).finally(() => {
    listener.dispose();
    progress.close();
  });
  // Whoever gives up while it loads does not come to wait for it.
  ready.catch(() => undefined);
  if (backend.state.kind !== 'ready') yield { type: 'progress', stage: 'loading' };
  yield* progress;
  return ready;
}

/** Follows an answer; `whole` unless something cut it off. */
async function* write(events: AsyncIterable<BackendEvent>, { target }: EditRequest): AsyncGenerator<EditEvent, { text: string; whole: boolean }, void> {
  let text = '';
  let whole = false;
  for await (const event of events) {
    switch (event.type) {
      case 'reading': {
        const { done, total, cached } = event;
        yield { type: 'progress', stage: 'reading', fraction: total > cached ? (done - cached) / (total - cached) : 1 };
        break;
      }
      case 'thought':
        yield { type: 'progress', stage: 'thinking' };
        break;
      case 'answer': {
        if (text === '') yield { type: 'progress', stage: 'writing' };
        text += event.text;
        const lines = event.text.includes('\n') ? proposalOf(target, text) : undefined;
        if (lines) yield { type: 'proposal', lines };
        break;
      }
      case 'end':
        whole = event.result.reason === 'stop';
        break;
      default:
    }
  }
  return { text, whole };
}

async function paramsOf(request: EditRequest, messages: Message[], model: ModelInfo): Promise<ChatParams> {
  const thinks = request.thinking && model.thinking !== 'never';
  return {
    messages,
    thinking: thinks,
    // A model that always thinks has its thought closed as it begins.
    thoughtBudget: thinks ? thoughtBudget.default : 0,
    maxTokens: (thinks ? thoughtBudget.default : 0) + longestAnswer(original(request.target)),
    sampling: thinks ? await (request.thoughtSampling ?? recommendedForThoughts)(model) : greedy,
    grammar: grammarOf(request.target),
    lookup: true,
  };
}

async function recommendedForThoughts(model: ModelInfo): Promise<Sampling> {
  const { recommendedGeneration } = await import('../models/generation.ts');
  return recommendedGeneration(model, true, thoughtBudget.default).sampling;
}

/** Tokens: twice the code at two characters each, and room for what is new. It ends those that go round in circles. */
function longestAnswer(code: string): number {
  return Math.min(16_384, code.length + 2048);
}
