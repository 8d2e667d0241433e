/** What else the machine is doing. */
import { cpus } from 'node:os';

/** Of all cores. */
const worthMinding = 0.15;

/** @returns whether other processes have taken so much of the cores since that timings are not to be trusted for long */
export function watchOthers(): () => boolean {
  const before = busyTime();
  const ownBefore = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(ownBefore);
    const wall = Math.max(1, performance.now() - start);
    const others = busyTime() - before - (user + system) / 1000;
    return others / wall > worthMinding * cpus().length;
  };
}

/** Of all cores since they were started, ms. */
function busyTime(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
