// @ts-check
/**
 * Every check there is, one after another: two cores hold one at a time. A failing stage does not keep the next from
 * running. The last line is the sum of all of them. `npm test -- unit host` runs only those stages.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureNodeModules } from './lib/dependencies.mjs';
import { main, Problem, say } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, script: string, args?: string[], results?: string, count?: (json: any) => Counts }} Stage */

/** A stage that hangs must not take CI's time limit with it. */
const stageLimitMs = 50 * 60_000;

/** @type {Stage[]} */
const stages = [
  { name: 'lint', script: 'lint' },
  { name: 'typecheck', script: 'typecheck' },
  vitest('unit'),
  vitest('model'),
  { name: 'host', script: 'test:host', results: 'host/host.json', count: (counts) => counts },
  {
    name: 'ui',
    script: 'test:ui',
    args: ['--pass-with-no-tests'],
    results: 'ui.json',
    count: ({ stats, errors }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped }),
  },
];

main(async () => {
  const wanted = process.argv.slice(2);
  const chosen = wanted.length > 0 ? stages.filter(({ name }) => wanted.includes(name)) : stages;
  if (chosen.length < wanted.length) throw new Problem(`The stages are: ${stages.map(({ name }) => name).join(', ')}.`);

  await ensureNodeModules();
  mkdirSync(path.join(root, 'test-results'), { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const summary = [];
  for (const stage of chosen) {
    const startedAt = Date.now();
    const counts = await runStage(stage);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    summary.push(describe(stage, counts, (Date.now() - startedAt) / 1000));
  }
  say(`\n${summary.join('\n')}\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || (total.passed === 0 && chosen.some(({ results }) => results)) ? 1 : 0;
});

/**
 * @param {string} project
 * @returns {Stage}
 */
function vitest(project) {
  const results = `${project}.json`;
  return {
    name: project,
    script: `test:${project}`,
    args: ['--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=test-results/${results}`],
    results,
    count: (json) => ({ passed: json.numPassedTests, failed: json.numFailedTests, skipped: json.numPendingTests + json.numTodoTests }),
  };
}

/**
 * @param {Stage} stage
 * @returns {Promise<Counts>}
 */
async function runStage({ name, script, args = [], results, count }) {
  say(`\n── ${name}: npm run ${script}`);
  const file = results ? path.join(root, 'test-results', results) : undefined;
  // Results of an earlier run must not pass for this one's.
  if (file) rmSync(file, { force: true });
  const { code } = await run('npm', ['run', '--silent', script, '--', ...args], { timeoutMs: stageLimitMs, allowFailure: true });
  const counts = file && count && existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 0, skipped: 0 };
  // What fails without a failing test counts too: lint, types, a test file that cannot be loaded, a crash.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {Stage} stage
 * @param {Counts} counts
 * @param {number} seconds
 */
function describe({ name, results }, { passed, failed, skipped }, seconds) {
  const outcome = results ? `${passed} passed, ${failed} failed, ${skipped} skipped` : failed > 0 ? 'failed' : 'ok';
  return `${name.padEnd(10)} ${outcome} (${seconds.toFixed(0)} s)`;
}
