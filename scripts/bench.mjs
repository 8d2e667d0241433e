// @ts-check
/**
 * Measures Ponder against its targets (bench/). Builds it first, and installs what the chosen rows need.
 *   --model F       a GGUF file instead of the tiny model
 *   --only PREFIX   the rows whose names start so: "engine", "host.block"
 *   --json          one object a line: row, value, unit, target
 * A missed target does not fail the run; a row that could not be measured does.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureCodeServer } from './lib/code-server.mjs';
import { ensureNodeModules } from './lib/dependencies.mjs';
import { readFlags } from './lib/flags.mjs';
import { main, Problem } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const outdir = path.join(root, 'out/bench');
/** Set in the environment of this script's own child, whose standard output is our standard error. */
const preparing = 'PONDER_BENCH_PREPARING';

main(async () => {
  const flags = readFlags({ model: { type: 'string' }, only: { type: 'string' }, json: { type: 'boolean' } });
  if (flags.model !== undefined && !existsSync(flags.model)) throw new Problem(`There is no file ${flags.model}.`);
  if (process.env[preparing]) return prepare(flags.only ?? '');
  const args = process.argv.slice(2);
  // What building and installing has to say must not stand between the results.
  const code = await start([fileURLToPath(import.meta.url), ...args], ['ignore', 2, 2], { [preparing]: '1' });
  return code === 0 ? start([path.join(outdir, 'main.mjs'), ...args], 'inherit') : code;
});

/** @param {string} only */
async function prepare(only) {
  await ensureNodeModules();
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { quiet: true });
  await bundle();
  /** @type {typeof import('../bench/index.ts')} */
  const { choose, needs, rowNames } = await import(pathToFileURL(path.join(outdir, 'index.mjs')).href);
  const choices = choose(only);
  if (choices.length === 0) throw new Problem(`No row starts with "${only}". The rows are: ${rowNames().join(', ')}.`);
  const needed = needs(choices);
  if (needed.has('vscode')) await ensureCodeServer();
  if (needed.has('browser')) await ensureChromium();
}

async function bundle() {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'bench/main.ts', index: 'bench/index.ts', bare: 'bench/engine/bare.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    loader: { '.md': 'text' },
    external: ['node-llama-cpp', '@playwright/test'],
    plugins: [leaveScripts],
    // CommonJS packages inside an ESM bundle still ask `require` for Node's own modules, and where they are.
    banner: { js: 'import { createRequire as benchRequire } from "node:module"; globalThis.require ??= benchRequire(import.meta.url); globalThis.__filename ??= import.meta.filename;' },
    logLevel: 'warning',
  });
}

/**
 * Scripts find the repository by their own place in it, so they stay where they are.
 * @type {import('esbuild').Plugin}
 */
const leaveScripts = {
  name: 'leave-scripts',
  setup(build) {
    build.onResolve({ filter: /^\..*\.mjs$/ }, ({ path: file, resolveDir }) => ({
      path: pathToFileURL(path.resolve(resolveDir, file)).href,
      external: true,
    }));
  },
};

/**
 * @param {string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>}
 */
function start(args, stdio, env = {}) {
  const child = spawn(process.execPath, args, { stdio, env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
