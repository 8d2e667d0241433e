/** Grammars that spell one exact answer. */
import { getLlama } from 'node-llama-cpp';

/**
 * Each grammar lets a model say nothing but its text, in the very tokens that the text has in a prompt. Spelled by
 * characters it would be put together from whatever pieces the model likes best, one letter here and two there.
 */
export async function scriptGrammars(modelPath: string, texts: readonly string[]): Promise<string[]> {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1, logger: () => undefined });
  try {
    const model = await llama.loadModel({ modelPath, vocabOnly: true });
    return texts.map((text) => `root ::= ${model.tokenize(text).map((token) => `<[${String(token)}]>`).join(' ')}`);
  } finally {
    await llama.dispose();
  }
}
