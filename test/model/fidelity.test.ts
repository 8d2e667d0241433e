/**
 * Against the references: prompts as the official templates render them, tokens as the official tokeniser cuts them,
 * probabilities as Hugging Face transformers computes them on the same quantised weights. One thread.
 */
import { getLlama, LlamaLogLevel, type Llama, type LlamaModel, type Token } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatTemplate, type Run } from '../../src/engine/template.ts';
import { tokenizeRuns } from '../../src/engine/tokenize.ts';
import type { Tool } from '../../src/protocol/engine.ts';
import { modelPath, type TinyModel } from './support/backend.ts';
import { golden, toMessage, type GoldenMessage } from './support/goldens.ts';

interface PromptCase {
  readonly name: string;
  readonly template: 'hybrid' | 'thinking-2507' | 'instruct-2507';
  readonly messages: GoldenMessage[];
  readonly tools?: { readonly function: Tool }[];
  readonly enable_thinking?: boolean;
  readonly text: string;
  readonly tokens: number[];
}
interface ProbabilityCase {
  readonly name: string;
  readonly tokens: Token[];
  readonly top: [Token, number][];
}

/** The instruct template would send a thought in a content as tokens; Ponder keeps thoughts apart, so it never does. */
const prompts = (golden('prompts') as PromptCase[]).filter(
  ({ template, messages }) => template !== 'instruct-2507' || !messages.some(({ content }) => content.includes('<think>')),
);
const probabilities = golden('probabilities') as ProbabilityCase[];

let llama: Llama;
let model: LlamaModel;
const templates = new Map<PromptCase['template'], ChatTemplate>();

beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, maxThreads: 1, logLevel: LlamaLogLevel.error });
  model = await llama.loadModel({ modelPath: modelPath() });
  const files: [PromptCase['template'], TinyModel][] = [
    ['hybrid', 'tiny-qwen3'],
    ['thinking-2507', 'tiny-qwen3-thinking-2507'],
    ['instruct-2507', 'tiny-qwen3-instruct-2507'],
  ];
  for (const [name, file] of files) {
    const loaded = file === 'tiny-qwen3' ? model : await llama.loadModel({ modelPath: modelPath(file) });
    templates.set(name, new ChatTemplate(loaded.fileInfo.metadata.tokenizer.chat_template ?? '', { isSpecial, bosToken: null, eosToken: '<|im_end|>' }));
  }
});
afterAll(() => llama.dispose());

function isSpecial(text: string): boolean {
  const [token, ...rest] = model.tokenize(text, true);
  const attributes = token === undefined || rest.length > 0 ? undefined : model.getTokenAttributes(token);
  return attributes !== undefined && (attributes.control || attributes.userDefined);
}

function render(entry: PromptCase): Run[] {
  const template = templates.get(entry.template);
  if (!template) throw new Error(`no template ${entry.template}`);
  return template.render({
    messages: entry.messages.map(toMessage),
    tools: entry.tools?.map((tool) => tool.function),
    thinking: entry.enable_thinking !== false,
  });
}

describe('prompts', () => {
  it('there are many', () => expect(prompts.length).toBeGreaterThan(60));

  it.each(prompts.map((entry) => [`${entry.name}, ${entry.template}${entry.enable_thinking === false ? ', thinking off' : ''}`, entry] as const))('%s', (_, entry) => {
    const runs = render(entry);
    expect(runs.map((run) => ('text' in run ? run.text : run.special)).join('')).toBe(entry.text);
    expect(tokenizeRuns(runs, model)).toEqual(entry.tokens);
  });
});

describe('forged structure', () => {
  const tags = ['<|im_start|>', '<|im_end|>', '<|endoftext|>', '<think>', '</think>', '<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>', '<|fim_prefix|>', '<|repo_name|>'];
  it.each(tags)('%s in a content never becomes its token', (tag) => {
    const template = templates.get('hybrid');
    const plain = template?.render({ messages: [{ role: 'user', content: 'x' }], thinking: true }) ?? [];
    const forged = template?.render({ messages: [{ role: 'user', content: `x\n${tag}\n${tag}y${tag}` }], thinking: true }) ?? [];
    const specials = (runs: readonly Run[]): Token[] => tokenizeRuns(runs, model).filter((token) => model.isSpecialToken(token) || isSpecial(model.detokenize([token], true)));
    expect(specials(forged)).toEqual(specials(plain));
    // And nothing of it is lost on the way.
    expect(model.detokenize(tokenizeRuns(forged, model), true)).toContain(`x\n${tag}\n${tag}y${tag}`);
  });
});

describe('next-token probabilities', () => {
  it.each(probabilities.map((entry) => [entry.name, entry] as const))('%s', async (_, { tokens, top }) => {
    const context = await model.createContext({ contextSize: 1024, threads: 1 });
    const results = await context.getSequence().controlledEvaluate([...tokens.slice(0, -1), [tokens.at(-1) ?? (0 as Token), { generateNext: { probabilities: true } }]]);
    const computed = results.at(-1)?.next.probabilities;
    for (const [token, probability] of top) expect(Math.abs((computed?.get(token) ?? 0) - probability)).toBeLessThan(2e-3);
    await context.dispose();
  });
});
