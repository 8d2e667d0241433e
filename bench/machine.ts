import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** The share of the machine's cores that other programs keep busy, 0 to 1, over a second in which this one waits. */
export async function otherLoad(): Promise<number> {
  const before = totals();
  await delay(1000);
  const after = totals();
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

function totals(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((each) => Object.values(each))) };
}
