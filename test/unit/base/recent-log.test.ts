import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/log.ts';
import { RecentLog } from '../../../src/base/recent-log.ts';

describe('what a log remembers', () => {
  it('is the last warnings and errors, the oldest first', () => {
    let time = 0;
    const log = new RecentLog(silentLogger, () => ++time, 3);
    log.info('quiet');
    for (const message of ['a', 'b', 'c']) log.warn(message);
    log.error('d');
    expect(log.lines).toEqual([
      { at: 2, level: 'warn', message: 'b' },
      { at: 3, level: 'warn', message: 'c' },
      { at: 4, level: 'error', message: 'd' },
    ]);
  });

  it('is a line each, and a short one', () => {
    const log = new RecentLog(silentLogger, () => 0);
    log.error(`${'x'.repeat(400)}\nsecond`);
    expect(log.lines[0]?.message).toBe(`${'x'.repeat(300)}…`);
  });

  it('goes on to where it is written', () => {
    const said: string[] = [];
    const log = new RecentLog({ ...silentLogger, warn: (message) => said.push(message) }, () => 0);
    const { warn } = log;
    warn('w');
    expect(said).toEqual(['w']);
  });
});
