/**
 * The bare library loop that the engine is compared with: load, prompt tokens, evaluate, count. No parser, no text, no
 * messages within the timed part; the library batches the prompt by itself. A process of its own, as the engine is.
 */
import { getLlama, type LlamaContextSequence, type LlamaModel, type Token } from 'node-llama-cpp';
import { ChatTemplate } from '../../src/engine/template.ts';
import { tokenizeRuns } from '../../src/engine/tokenize.ts';
import type { BareReply, BareRequest, BareRun } from './bare-protocol.ts';

type Load = Extract<BareRequest, { type: 'load' }>;
type Run = Extract<BareRequest, { type: 'run' }>;

let loaded: { readonly model: LlamaModel; readonly sequence: LlamaContextSequence; readonly template: ChatTemplate } | undefined;

async function load({ modelPath, gpu, gpuLayers, contextSize, batchSize, flashAttention, threads }: Load): Promise<BareReply> {
  const llama = await getLlama({
    gpu: gpu === 'cpu' ? false : gpu,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logger: () => undefined,
  });
  const model = await llama.loadModel({ modelPath, gpuLayers });
  const context = await model.createContext({ contextSize, batchSize, flashAttention, threads });
  const template = new ChatTemplate(model.fileInfo.metadata.tokenizer.chat_template ?? '', {
    isSpecial: (text) => isSpecial(model, text),
    bosToken: model.tokens.bosString,
    eosToken: model.tokens.eosString,
  });
  loaded = { model, sequence: context.getSequence(), template };
  return { loaded: true };
}

function isSpecial(model: LlamaModel, text: string): boolean {
  const [token, ...more] = model.tokenize(text, true);
  if (token === undefined || more.length > 0) return false;
  const { control, userDefined } = model.getTokenAttributes(token);
  return control || userDefined;
}

async function run({ messages, sampling, maxTokens }: Run): Promise<BareRun> {
  if (!loaded) throw new Error('nothing is loaded');
  const { model, sequence, template } = loaded;
  const { temperature, topK, topP, minP, seed = 0 } = sampling;
  const prompt = tokenizeRuns(template.render({ messages, thinking: false }), model);
  const generated: Token[] = [];
  const start = performance.now();
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
  const cachedTokens = sequence.nextTokenIndex;
  let firstAt = 0;
  let lastAt = 0;
  for await (const token of sequence.evaluate(prompt.slice(cachedTokens), { temperature, topK, topP, minP, seed })) {
    lastAt = performance.now();
    firstAt ||= lastAt;
    if (generated.push(token) >= maxTokens) break;
  }
  return {
    firstMs: firstAt - start,
    restMs: lastAt - firstAt,
    tokens: generated.length,
    promptTokens: prompt.length,
    cachedTokens,
    text: model.detokenize(generated),
  };
}

process.on('message', (request: BareRequest) => {
  const work: Promise<BareReply> = request.type === 'load' ? load(request) : run(request).then((result) => ({ run: result }));
  work.catch((error: unknown): BareReply => ({ error: String(error) })).then(
    (reply) => process.send?.(reply),
    () => undefined,
  );
});
process.once('disconnect', () => process.exit(0));
