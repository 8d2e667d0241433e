import { describe, expect, it } from 'vitest';
import type { BackendEvent } from '../../../../src/backends/backend.ts';
import { FakeBackend } from '../../../../src/backends/fake.ts';
import { PonderError } from '../../../../src/base/errors.ts';
import { speedTest, type SpeedTestOptions } from '../../../../src/models/diagnose/speed-test.ts';

const never = (): AbortSignal => new AbortController().signal;
const reading = (done: number): BackendEvent => ({ type: 'reading', done, total: 1000, cached: 0 });
const answer = (tokens: number): BackendEvent => ({ type: 'answer', text: 'x', tokens });

function options(backend: FakeBackend, changes: Partial<SpeedTestOptions> = {}): SpeedTestOptions {
  let time = 0;
  // A second goes by between two events.
  return { backend, now: () => (time += 1000), timeout: never, nonce: 'n1', signal: never(), window: 4096, ...changes };
}

describe('the speed test', () => {
  it('counts what is read and written between the first sign and the last', async () => {
    const backend = new FakeBackend([[reading(100), reading(300), reading(700)], [reading(20), answer(1), { type: 'thought', text: '', tokens: 21 }, answer(61)]]);
    expect(await speedTest(options(backend))).toEqual({ reading: 300, read: 600, writing: 30, written: 60 });
  });

  it('asks for nothing that a cache could have, reads more than it writes, and fits the window', async () => {
    const backend = new FakeBackend([[]]);
    await speedTest(options(backend, { nonce: 'n2', window: 1024 }));
    const [long, short] = backend.requests.map(({ messages }) => messages.map(({ content }) => content).join('\n'));
    expect(long).toMatch(/^n2 /);
    expect(short).toContain('n2');
    expect((long ?? '').length).toBeLessThan(1024 * 3);
    expect(backend.requests[0]?.maxTokens).toBe(1);
  });

  it('takes what it has when the time is over', async () => {
    const over = new AbortController();
    const endless = new Promise<void>((resolve) => setTimeout(resolve, 50)).then(() => over.abort());
    const backend = new FakeBackend([[reading(0), reading(200), endless, reading(9000)], [answer(1), answer(11)]]);
    const timeouts = [over.signal, never()];
    const speed = await speedTest(options(backend, { timeout: () => timeouts.shift() ?? never() }));
    expect(speed).toMatchObject({ reading: 200, writing: 10 });
  });

  it('says nothing of a speed that it could not see', async () => {
    expect(await speedTest(options(new FakeBackend([[reading(5)], []])))).toEqual({ read: 0, written: 0 });
  });

  it('fails as the engine does, and stops when it is cancelled', async () => {
    await expect(speedTest(options(new FakeBackend([[new PonderError('engine-crashed', 'gone')]])))).rejects.toMatchObject({ code: 'engine-crashed' });
    await expect(speedTest(options(new FakeBackend([[reading(1), Promise.resolve(), reading(2)]]), { signal: AbortSignal.abort() }))).rejects.toMatchObject({ name: 'AbortError' });
  });
});
