// @ts-check
/** The engine processes of a server's extension hosts: finding them, and slowing one down. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * One that windows share outlives the window that started it, and is nobody's child then; but it is told to meet them in
 * a folder of the server's profile.
 * @param {{ pid: number, profile: { root: string } }} server
 * @returns {number[]} the newest last
 */
export function enginePids(server) {
  const table = processes();
  const ours = (/** @type {Process} */ { pid, command }) => command.includes(`${server.profile.root}/`) || descendsFrom(table, pid, server.pid);
  return [...table.values()].filter((process) => process.command.includes('dist/engine.mjs') && ours(process)).map(({ pid }) => pid);
}

/** Of processes that are slowed down: forgets the next change of pace. @type {Map<number, () => void>} */
const paces = new Map();

/**
 * Lets a process run only part of the time; a new pace takes the place of the one before. The tiny model answers faster than a test can look; slowed down, its
 * answer can be watched, stopped, and followed word by word.
 * @param {number} pid
 * @param {number} duty the share of time it runs, 0 to 1; 0 holds it until released
 * @param {{ periodMs?: number }} [options]
 * @returns {() => void} lets it run freely again, unless it has another pace by then
 */
export function throttle(pid, duty, { periodMs = 50 } = {}) {
  let timer = /** @type {NodeJS.Timeout | undefined} */ (undefined);
  const hold = () => {
    signal(pid, 'SIGSTOP');
    if (duty > 0) timer = setTimeout(go, periodMs * (1 - duty));
  };
  const go = () => {
    const slice = periodMs * duty;
    signal(pid, 'SIGCONT');
    if (slice > 5) timer = setTimeout(hold, slice);
    else {
      // No timer of a busy machine is as short as that.
      const end = performance.now() + slice;
      while (performance.now() < end) continue;
      hold();
    }
  };
  const forget = () => clearTimeout(timer);
  paces.get(pid)?.();
  paces.set(pid, forget);
  hold();
  return () => {
    if (paces.get(pid) !== forget) return;
    forget();
    paces.delete(pid);
    signal(pid, 'SIGCONT');
  };
}

/** @typedef {{ pid: number, parent: number, command: string }} Process */

/** @returns {Map<number, Process>} */
function processes() {
  /** @type {Map<number, Process>} */
  const table = new Map();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      // "pid (name) state parent …", where the name may hold anything, brackets too.
      const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
      table.set(pid, { pid, parent, command });
    } catch {
      // ended while we looked
    }
  }
  return table;
}

/**
 * @param {Map<number, Process>} table
 * @param {number} pid
 * @param {number} ancestor
 */
function descendsFrom(table, pid, ancestor) {
  for (let at = table.get(pid); at; at = table.get(at.parent)) {
    if (at.parent === ancestor) return true;
  }
  return false;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // it ended
  }
}
