/** One completion: prompt, prefill in chunks, greedy generation until the caller has enough. */
import type { Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import type { InfillParams, InfillPrompt, InfillResult, InfillToken, ScoreParams } from '../protocol/engine.ts';
import { Characters } from './characters.ts';
import type { InfillMachine } from './infill-machine.ts';
import { infillTokens } from './infill-prompt.ts';
import { noShift, prefill } from './prefill.ts';
import type { Pass } from './scheduler.ts';

/**
 * @throws PonderError `prompt-too-long`, `model-no-infill`; an AbortError when the signal aborts, after at most one
 *   chunk or token.
 */
export async function runInfill(machine: InfillMachine, params: InfillParams, pass: Pass, emit: (token: InfillToken) => void): Promise<InfillResult> {
  const start = performance.now();
  const prompt = promptTokens(machine, params.prompt, params.typed, params.maxTokens);
  const cachedTokens = await prefill(machine, prompt, pass);
  const { reason, tokens, firstAt } = await generate(machine, prompt, params.maxTokens, pass, emit);
  return {
    reason,
    promptTokens: prompt.length,
    cachedTokens,
    tokens,
    firstTokenMs: firstAt - start,
    readSpeed: machine.readingSpeed * 1000,
    writeSpeed: machine.writingSpeed * 1000,
  };
}

/** Mean log-probability per token of a middle that is known; at most 0. Throws as `runInfill` does. */
export async function scoreInfill(machine: InfillMachine, { prompt, typed, middle }: ScoreParams, pass: Pass): Promise<number> {
  const { model, sequence } = machine;
  const expected = model.tokenize(middle, false);
  const tokens = promptTokens(machine, prompt, typed, expected.length);
  await prefill(machine, tokens, pass);
  const inputs = [...tokens.slice(-1), ...expected.slice(0, -1)];
  const outputs = await pass.step(() =>
    sequence.controlledEvaluate(
      inputs.map((token, index) => [token, { generateNext: { totalLogitWeight: true, logits: { filter: { tokens: expected.slice(index, index + 1), includeTop: 1 } } } }]),
      { contextShift: noShift },
    ),
  );
  return mean(expected.map((token, index) => logProbability(token, outputs[index]?.next)));
}

/**
 * From logits: `totalLogitWeight` is the sum of `exp(logit - largest)`. The largest is the filter's `includeTop: 1`; its
 * `includeMax` does nothing in node-llama-cpp 3.22.1.
 */
function logProbability(token: Token, next: { readonly logits?: Map<Token, number>; readonly totalLogitWeight?: number } | undefined): number {
  const logit = next?.logits?.get(token);
  if (logit === undefined || next?.totalLogitWeight === undefined) throw new PonderError('internal', 'llama.cpp gave no logits.');
  const largest = Math.max(...(next.logits?.values() ?? []));
  return Math.min(0, logit - largest - Math.log(next.totalLogitWeight));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function promptTokens(machine: InfillMachine, prompt: InfillPrompt, typed: string, room: number): Token[] {
  const tokens = infillTokens(machine, prompt, typed);
  const window = machine.sequence.contextSize;
  if (tokens.length + room > window) {
    throw new PonderError('prompt-too-long', `The prompt has ${String(tokens.length)} tokens, the window ${String(window)}.`, { tokens: tokens.length + room, window });
  }
  return tokens;
}

async function generate(
  machine: InfillMachine,
  prompt: readonly Token[],
  maxTokens: number,
  pass: Pass,
  emit: (token: InfillToken) => void,
): Promise<{ readonly reason: InfillResult['reason']; readonly tokens: number; readonly firstAt: number }> {
  const { model, sequence, stops, threads } = machine;
  const outputs = sequence.evaluateWithMetadata(prompt.slice(-1), { confidence: true }, { temperature: 0, contextShift: noShift });
  const characters = new Characters((tokens) => model.detokenize(tokens));
  // Of the tokens that make the next piece, together.
  let probability = 1;
  let firstAt = performance.now();
  try {
    for (let count = 0; count < maxTokens; count++) {
      const before = performance.now();
      const { value, done } = await pass.step(() => threads.write(sequence.nextTokenIndex, () => outputs.next()));
      const now = performance.now();
      if (count === 0) firstAt = now;
      else machine.writingSpeed = 1 / Math.max(0.1, now - before);
      // Code holds no control token; and a thought or a tool call is no code.
      if (done === true || model.isEogToken(value.token) || stops.has(value.token) || model.getTokenAttributes(value.token).control) {
        return { reason: 'stop', tokens: count, firstAt };
      }
      probability *= Math.min(1, Math.max(0, value.confidence));
      const text = characters.push(value.token);
      if (text === '') continue;
      emit({ text, probability });
      probability = 1;
    }
    return { reason: 'length', tokens: maxTokens, firstAt };
  } finally {
    await outputs.return();
  }
}
