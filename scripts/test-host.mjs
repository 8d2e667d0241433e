// @ts-check
/**
 * Runs the host tests (test/host): they use the extension through VS Code's own API, inside its extension host.
 * Arguments go to vscode-test: `npm run test:host -- --grep commands`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureCodeServer } from './lib/code-server.mjs';
import { ensureNodeModules } from './lib/dependencies.mjs';
import { hasScreen } from './lib/desktop-code.mjs';
import { printAsItGrows } from './lib/follow-file.mjs';
import { main, say } from './lib/log.mjs';
import { ensureNode24 } from './lib/node24.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const sources = path.join(root, 'test/host');
const results = path.join(root, 'test-results/host');

main(async () => {
  const tests = existsSync(sources) ? readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts')) : [];
  if (tests.length === 0) return say('There are no host tests.');

  await ensureNodeModules();
  const node = await ensureNode24();
  if (process.env['PONDER_BROWSER'] || !hasScreen()) {
    await ensureCodeServer();
    await ensureChromium();
  }
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')]);
  await bundle(tests);

  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const runner = path.join(root, 'node_modules/@vscode/test-cli/out/bin.mjs');
  const env = { ...node.env, PONDER_TEST_DIR: results };
  const log = printAsItGrows(path.join(results, 'host.log'));
  const { code } = await run(node.exe, [runner, ...process.argv.slice(2)], { env, allowFailure: true });
  log.stop();
  return verdict(code);
});

/**
 * Each test file becomes one CommonJS file, since the runner in the extension host loads them with require.
 * @param {string[]} tests
 */
async function bundle(tests) {
  const { build } = await import('esbuild');
  const outdir = path.join(root, 'out/test/host');
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: tests.map((file) => path.join(sources, file)),
    outbase: sources,
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    loader: { '.md': 'text' },
    external: ['vscode', 'mocha', 'node-llama-cpp'],
    logLevel: 'warning',
  });
}

/**
 * An exit code of 0 is not enough: it also comes from a host that ended before it ran anything.
 * @param {number} code
 */
function verdict(code) {
  const file = path.join(results, 'host.json');
  if (!existsSync(file)) {
    say('The host tests did not run to their end.');
    return code || 1;
  }
  /** @type {{ passed: number, failed: number, skipped: number }} */
  const { passed, failed, skipped } = JSON.parse(readFileSync(file, 'utf8'));
  say(`Host tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  return passed > 0 && failed === 0 ? code : code || 1;
}
