// @ts-check
/**
 * Mocha's results from inside the extension host, where printing leads nowhere that a script could read reliably:
 * a line a test into host.log, and the counts into host.json, both in the folder PONDER_TEST_DIR.
 */
const { appendFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

module.exports = class FileReporter {
  /** @param {import('mocha').Runner} runner */
  constructor(runner) {
    const folder = process.env['PONDER_TEST_DIR'];
    if (!folder) throw new Error('PONDER_TEST_DIR is not set: run the host tests with "npm run test:host"');
    const log = (/** @type {string} */ line) => appendFileSync(path.join(folder, 'host.log'), `${line}\n`);
    const counts = { passed: 0, failed: 0, skipped: 0 };

    runner.on('pass', (test) => {
      counts.passed++;
      log(`  ✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('pending', (test) => {
      counts.skipped++;
      log(`  - ${test.fullTitle()}`);
    });
    runner.on('fail', (test, error) => {
      counts.failed++;
      log(`  ✗ ${test.fullTitle()}\n${indented(error.stack ?? String(error))}`);
    });
    runner.once('end', () => writeFileSync(path.join(folder, 'host.json'), JSON.stringify(counts)));
  }
};

/** @param {string} text */
function indented(text) {
  return text.replaceAll(/^/gm, '      ');
}
