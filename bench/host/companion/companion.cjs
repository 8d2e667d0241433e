// @ts-check
/**
 * An extension for the bench alone: it lives in the extension host beside Ponder and measures how long that process's
 * event loop stands still. It listens on a port of its own, which it writes into the file PONDER_BENCH_PORT_FILE:
 * GET /start begins, GET /stop ends and answers with the figures in ms.
 */
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { PerformanceObserver } = require('node:perf_hooks');

/** Of VS Code's Node, which is newer than the types. */
const { threadCpuUsage } = /** @type {{ threadCpuUsage: () => NodeJS.CpuUsage }} */ (/** @type {unknown} */ (process));
/** Time that this thread has run, ms. */
const threadTime = () => {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
};

exports.activate = (/** @type {{ subscriptions: { dispose(): void }[] }} */ context) => {
  const portFile = process.env['PONDER_BENCH_PORT_FILE'];
  if (!portFile) return;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** Between two rounds of the timer: time that passed, and time that this thread ran. @type {{ gap: number, ran: number }[]} */
  let rounds = [];
  let longestGc = 0;
  const garbage = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestGc = Math.max(longestGc, duration);
  });
  let startedAt = 0;
  let cpu = process.cpuUsage();

  const start = () => {
    longestGc = 0;
    garbage.observe({ entryTypes: ['gc'] });
    startedAt = performance.now();
    cpu = process.cpuUsage();
    rounds = [];
    let last = performance.now();
    let lastRun = threadTime();
    timer = setInterval(() => {
      const now = performance.now();
      const run = threadTime();
      rounds.push({ gap: now - last - 1, ran: run - lastRun });
      last = now;
      lastRun = run;
    }, 1);
    return {};
  };
  const stop = () => {
    clearInterval(timer);
    garbage.disconnect();
    const { user, system } = process.cpuUsage(cpu);
    return {
      longest: Math.max(0, ...rounds.map(({ gap }) => gap)),
      longestRun: Math.max(0, ...rounds.map(({ ran }) => ran)),
      run: rounds.reduce((sum, { ran }) => sum + ran, 0),
      p99: rounds.map(({ gap }) => gap).sort((a, b) => a - b)[Math.floor(rounds.length * 0.99)] ?? 0,
      longestGc,
      cpu: (user + system) / 1000,
      elapsed: performance.now() - startedAt,
    };
  };

  const server = createServer((request, response) => response.end(JSON.stringify(request.url === '/start' ? start() : stop())));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) writeFileSync(portFile, String(address.port));
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
