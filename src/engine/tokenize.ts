import type { Token } from 'node-llama-cpp';
import type { Run } from './template.ts';

/** The part of a loaded model that prompts need. */
export interface Tokenizer {
  tokenize(text: string, specialTokens?: boolean): Token[];
}

/**
 * User-defined tokens are recognised by llama.cpp even where special tokens are off, so a content that spells one
 * is tokenised in two pieces, cut inside the spelling.
 */
const userDefined = /(?<=<)(?=\/?(?:think|tool_call|tool_response)>)/;

/** Tokens of a rendered prompt: special runs as their one token, text as plain text whatever it spells. */
export function tokenizeRuns(runs: readonly Run[], model: Tokenizer): Token[] {
  const tokens: Token[] = [];
  for (const run of runs) {
    if ('special' in run) tokens.push(...model.tokenize(run.special, true));
    else for (const piece of run.text.split(userDefined)) for (const token of model.tokenize(piece, false)) tokens.push(token);
  }
  return tokens;
}
