/**
 * Runs the chosen rows, one suite after another, and prints each as it is measured. A row that misses its target is
 * marked; only one that could not be measured fails the run. `npm run bench` builds and starts this.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { tinyModel } from '../scripts/lib/paths.mjs';
import { choose } from './index.ts';
import { otherLoad } from './machine.ts';
import { jsonPrinter, tablePrinter } from './print.ts';
import type { BenchOptions, Suite } from './row.ts';

const { values: flags } = parseArgs({
  options: { model: { type: 'string' }, only: { type: 'string', default: '' }, json: { type: 'boolean', default: false } },
});
const options: BenchOptions = { modelPath: path.resolve(flags.model ?? tinyModel), tiny: flags.model === undefined };
const choices = choose(flags.only);
const print = (flags.json ? jsonPrinter : tablePrinter)(choices.flatMap(({ wanted }) => [...wanted]));

const busy = await otherLoad();
if (busy > 0.1) process.stderr.write(`Other programs keep ${(busy * 100).toFixed(0)}% of this machine busy: times are not to be trusted.\n`);

let failures = 0;
for (const { suite, wanted } of choices) failures += await run(suite, wanted);
process.exitCode = failures > 0 ? 1 : 0;

/** Measures one suite; what keeps it from going on is told for each row that is left. */
async function run(suite: Suite, wanted: ReadonlySet<string>): Promise<number> {
  const left = new Map(suite.rows.filter(({ name }) => wanted.has(name)).map((row) => [row.name, row]));
  let reason = 'the suite did not measure it';
  try {
    for await (const measurement of suite.measure(wanted, options)) {
      const row = left.get(measurement.row);
      if (row) print.measured(row, measurement);
      left.delete(measurement.row);
    }
  } catch (error) {
    reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  for (const row of left.values()) print.failed(row, reason);
  return left.size;
}
