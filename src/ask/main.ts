/** `npm run ask`: the session and the engine without VS Code. Answers on standard output, the rest on standard error. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LocalBackend } from '../backends/local.ts';
import type { Logger } from '../base/log.ts';
import { newConversation } from '../chat/conversation.ts';
import { ChatSession, type SessionChange } from '../chat/session.ts';
import { TokenCounts } from '../context/token-counts.ts';
import { recommendedGeneration } from '../models/generation.ts';
import { thinkingModes, thoughtBudget, type ThinkingMode } from '../protocol/webview.ts';

const usage = `Usage: npm run ask -- [options] "question"
  --model F          GGUF file; else PONDER_MODEL, else the tiny demonstration model
  --think MODE       on, off or auto (default auto)
  --budget N         tokens of thought at most (default ${String(thoughtBudget.default)})
  --context-file F   a file to read along; may be repeated
  --context-size N   context window in tokens, or auto, which grows with the prompt (default auto)
  --json             one event a line
  --greedy           temperature 0, for reproducible runs of the demonstration model
  --verbose          the engine's log on standard error`;

const here = path.dirname(fileURLToPath(import.meta.url));
const tinyModel = path.join(here, '../test/fixtures/tiny-qwen3/tiny-qwen3.gguf');

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      think: { type: 'string', default: 'auto' },
      budget: { type: 'string', default: String(thoughtBudget.default) },
      'context-file': { type: 'string', multiple: true, default: [] },
      'context-size': { type: 'string', default: 'auto' },
      json: { type: 'boolean', default: false },
      greedy: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const question = positionals.join(' ');
  const mode = thinkingModes.find((known) => known === values.think);
  if (values.help || question === '' || !mode) {
    process.stderr.write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  const files = await Promise.all(
    values['context-file'].map(async (file) => ({
      path: path.relative(process.cwd(), file).split(path.sep).join('/'),
      content: await readFile(file, 'utf8'),
    })),
  );
  const backend = new LocalBackend({ entry: path.join(here, 'engine.mjs'), logger: logger(values.verbose) });
  backend.useModel({
    modelPath: path.resolve(values.model ?? process.env['PONDER_MODEL'] ?? tinyModel),
    gpu: 'auto',
    contextSize: values['context-size'] === 'auto' ? 'auto' : Number(values['context-size']),
  });
  try {
    return await ask(backend, { ...values, question, files, mode, budget: Number(values.budget) });
  } finally {
    backend.dispose();
  }
}

interface Request {
  readonly question: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly mode: ThinkingMode;
  readonly budget: number;
  readonly json: boolean;
  readonly greedy: boolean;
}

async function ask(backend: LocalBackend, { question, files, mode, budget, json, greedy }: Request): Promise<number> {
  const session = new ChatSession(
    {
      backend,
      counts: new TokenCounts(backend),
      thinking: () => ({ mode, budget }),
      generation: recommendedGeneration,
      save: () => Promise.resolve(),
      newId: randomUUID,
      now: () => performance.now(),
      wallClock: () => Date.now(),
      logger: logger(false),
      ...(greedy ? { sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 0 } } : {}),
    },
    newConversation(randomUUID(), Date.now()),
  );
  session.onDidChange(json ? printJson : printText);
  process.once('SIGINT', () => void session.stop());
  await session.ask(question, { items: files, automatic: [], leftOut: [] });
  const turn = session.conversation.turns.at(-1);
  if (!turn) return 1;
  if (json) printLine({ type: 'end', status: turn.status, thought: turn.thought, answer: turn.answer, toolCalls: turn.toolCalls, stats: turn.stats, error: turn.error });
  else process.stdout.write('\n');
  if (turn.error) process.stderr.write(`${turn.error.code}: ${turn.error.message}\n`);
  return turn.status === 'failed' ? 1 : turn.status === 'stopped' ? 130 : 0;
}

function printText(change: SessionChange): void {
  if (change.type === 'thought') process.stderr.write(change.text);
  if (change.type === 'answer') {
    if (change.turn.answer === change.text && change.turn.thought) process.stderr.write('\n\n');
    process.stdout.write(change.text);
  }
}

function printJson(change: SessionChange): void {
  if (change.type === 'conversation') return;
  if (change.type !== 'turn') printLine({ type: change.type, text: change.text });
  else if (change.turn.status === 'loading') printLine({ type: 'loading', fraction: change.turn.loaded });
  else if (change.turn.status === 'reading') printLine({ type: 'reading', ...change.turn.reading });
}

function printLine(event: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function logger(verbose: boolean): Logger {
  const write = (message: string): void => {
    if (verbose) process.stderr.write(`${message}\n`);
  };
  return { debug: write, info: write, warn: write, error: write };
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
