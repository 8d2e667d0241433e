// @ts-check
/**
 * Run by `package.mjs --check` inside an installed package, with plain Node: node-llama-cpp loads from there and not
 * from the repository, finds this platform's binaries, and with a model it produces a token.
 * Arguments: the extension's folder, and a model's file or nothing.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder = '', modelPath] = process.argv.slice(2);
const library = createRequire(path.join(folder, 'dist/engine.mjs')).resolve('node-llama-cpp');
if (path.relative(folder, library).startsWith('..')) throw new Error(`node-llama-cpp was found outside the package: ${library}`);

/** @type {typeof import('node-llama-cpp')} */
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(library).href);
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1, logLevel: LlamaLogLevel.error });
let word = '';
if (modelPath) {
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: 256, threads: 1 });
  for await (const token of context.getSequence().evaluate(model.tokenize('Hello'), { temperature: 0 })) {
    word = model.detokenize([token]);
    break;
  }
}
process.stdout.write(`llama.cpp ${llama.llamaCppRelease.release} loads${modelPath ? `, and answers ${JSON.stringify(word)}` : ''}\n`);
await llama.dispose();
