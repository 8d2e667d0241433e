/** How many threads the machine is good for at the most. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { planThreads } from '../planner.ts';

/** @param mathCores physical cores as llama.cpp counts them: no hyperthreads, and no efficiency cores where it can tell */
export function coresFor(mathCores: number): number {
  return planThreads(mathCores, Math.min(availableParallelism(), quota()));
}

/** Cores' worth of time that a container may use; Infinity: all. Node counts it in itself only since libuv 1.49. */
function quota(): number {
  const [limit, period] = read('/sys/fs/cgroup/cpu.max')?.split(' ') ?? [read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'), read('/sys/fs/cgroup/cpu/cpu.cfs_period_us')];
  const share = Number(limit) / Number(period);
  return share > 0 ? Math.max(1, Math.floor(share)) : Infinity;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // Another system, or no such limit.
    return undefined;
  }
}
