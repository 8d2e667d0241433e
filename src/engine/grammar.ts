/** What an answer must obey. */
import { LlamaGrammarEvaluationState, TokenBias, type LlamaModel, type Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';

/** llama.cpp's parser calls itself for each bracket; 100,000 of them ended the process. */
const deepest = 1000;

/**
 * At the beginning of an answer; tokens that are sampled with it move it on.
 * @param source GBNF whose root is named `root`
 * @throws PonderError `bad-message` where it cannot be parsed
 */
export async function openGrammar(model: LlamaModel, source: string): Promise<LlamaGrammarEvaluationState> {
  if (bracketDepth(source) > deepest) throw unusable('its brackets are nested too deep');
  try {
    return new LlamaGrammarEvaluationState({ model, grammar: await model.llama.createGrammar({ grammar: source }) });
  } catch (error) {
    throw unusable(String(error));
  }
}

/** Keeps tokens out, unless a grammar asks for them: a thought or a tool call may not begin in an answer that is code. */
export function without(model: LlamaModel, tokens: Iterable<Token>): TokenBias {
  const bias = TokenBias.for(model);
  for (const token of tokens) bias.set(token, 'never');
  return bias;
}

function bracketDepth(source: string): number {
  let depth = 0;
  let deepestSoFar = 0;
  // Literals, classes of characters and comments hold none that count.
  for (const [piece] of source.matchAll(/"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|#[^\n]*|[()]/gs)) {
    if (piece === '(') deepestSoFar = Math.max(deepestSoFar, ++depth);
    else if (piece === ')') depth--;
  }
  return deepestSoFar;
}

function unusable(why: string): PonderError {
  return new PonderError('bad-message', `The grammar cannot be used: ${why}`);
}
