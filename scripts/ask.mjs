// @ts-check
/**
 * Asks Ponder's engine a question without VS Code: `npm run ask -- "question"`; `--help` has the options, which all go
 * to dist/ask.mjs. Builds when dist/ is older than src/, and says so on standard error alone: standard output is the answer's.
 */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeModules } from './lib/dependencies.mjs';
import { main } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

/** Set in the environment of this script's own child, whose standard output is our standard error. */
const preparing = 'PONDER_ASK_PREPARING';

main(async () => {
  if (process.env[preparing]) return prepare();
  const code = await start([fileURLToPath(import.meta.url)], ['ignore', 2, 2], { [preparing]: '1' });
  return code === 0 ? start([path.join(root, 'dist/ask.mjs'), ...process.argv.slice(2)], 'inherit') : code;
});

async function prepare() {
  await ensureNodeModules();
  if (!upToDate()) await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { quiet: true });
}

function upToDate() {
  const built = ['dist/ask.mjs', 'dist/engine.mjs'].map((file) => statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => path.join(root, 'src', file));
  const inputs = [...sources, path.join(root, 'scripts/build.mjs'), path.join(root, 'package-lock.json')];
  return Math.min(...built) >= Math.max(...inputs.map((file) => statSync(file).mtimeMs));
}

/**
 * @param {string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>}
 */
function start(args, stdio, env = {}) {
  const child = spawn(process.execPath, args, { stdio, env: { ...process.env, ...env } });
  // Ctrl+C reaches both; the child stops the answer and ends by itself.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
