// @ts-check
/**
 * An extension for the bench alone: it lives in the extension host beside Ponder and measures how long that process's
 * event loop stands still. It listens on a port of its own, which it writes into the file PONDER_BENCH_PORT_FILE:
 * GET /start begins, GET /stop ends and answers with the figures in ms.
 */
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { monitorEventLoopDelay, PerformanceObserver } = require('node:perf_hooks');

exports.activate = (/** @type {{ subscriptions: { dispose(): void }[] }} */ context) => {
  const portFile = process.env['PONDER_BENCH_PORT_FILE'];
  if (!portFile) return;
  const delay = monitorEventLoopDelay({ resolution: 1 });
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
    delay.reset();
    delay.enable();
    return {};
  };
  const stop = () => {
    delay.disable();
    garbage.disconnect();
    const { user, system } = process.cpuUsage(cpu);
    return {
      longest: delay.max / 1e6,
      p99: delay.percentile(99) / 1e6,
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
