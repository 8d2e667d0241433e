/** What the next turn will need, read while nobody waits. */
import type { PromptMeasure, PromptParams } from '../protocol/engine.ts';
import type { Token } from 'node-llama-cpp';
import type { ChatMachine } from './chat.ts';
import type { ChatModel } from './chat-model.ts';
import { commonLength } from './common-length.ts';
import { prefill } from './prefill.ts';
import type { Pass } from './scheduler.ts';
import { tokenizeRuns } from './tokenize.ts';

export function promptTokens({ template, model }: ChatMachine, params: PromptParams): Token[] {
  return tokenizeRuns(template.render(params), model);
}

/** Looks, and reads nothing. The window may have to grow for what can be restored. */
export async function measurePrompt({ machine, info }: Pick<ChatModel, 'machine' | 'info'>, params: PromptParams): Promise<PromptMeasure> {
  const prompt = promptTokens(machine, params);
  const cached = commonLength(prompt, machine.sequence.contextTokens);
  const restorable = Math.max(cached, (await machine.snapshots?.restorable(machine, prompt, info.largestContext))?.tokens ?? 0);
  return { tokens: prompt.length, cached, restorable, readSpeed: machine.readingSpeed * 1000 };
}

/**
 * Reads all of a prompt that stays the same however its last message goes on.
 * @returns tokens read
 */
export async function preread(machine: ChatMachine, params: PromptParams, pass: Pass): Promise<number> {
  const [one, other] = ['a', 'b'].map((content) => promptTokens(machine, goingOn(params, content)));
  if (!one || !other) return 0;
  // What the window does not hold is left to who asks.
  const stable = one.slice(0, Math.min(commonLength(one, other), machine.sequence.contextSize - 1));
  // What is there and goes beyond is the better thing to have.
  if (stable.length === 0 || commonLength(stable, machine.sequence.contextTokens) === stable.length) return 0;
  // The prefill leaves the last token to the generation, which there is none of.
  const prompt = [...stable, ...stable.slice(-1)];
  await machine.snapshots?.restore(machine, prompt, pass);
  const cached = await prefill(machine, prompt, pass);
  return stable.length - cached;
}

function goingOn(params: PromptParams, content: string): PromptParams {
  const last = params.messages.at(-1);
  return last ? { ...params, messages: [...params.messages.slice(0, -1), { ...last, content: last.content + content }] } : params;
}
