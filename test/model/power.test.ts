/** Loading, unloading, idling, and a true off, with the real engine. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LocalBackend } from '../../src/backends/local.ts';
import { isAbort, toPonderError } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/log.ts';
import { knownHardware } from '../../src/models/read-choices.ts';
import { createBackend, engineEntry, isAlive, loadParams, question, run, until } from './support/backend.ts';

let backend: LocalBackend | undefined;
afterEach(() => {
  vi.useRealTimers();
  backend?.dispose();
});

describe('a backend', () => {
  it('tells what the machine has without a model, and holds none for that', async () => {
    backend = new LocalBackend({ entry: engineEntry, logger: silentLogger });
    const { hardware, guessed } = await knownHardware(backend, 'cpu');
    expect(guessed).toBeUndefined();
    expect(hardware.backend).toBe('cpu');
    expect(hardware.ram.total).toBeGreaterThan(hardware.ram.free);
    expect(hardware.cores.physical).toBeGreaterThan(0);
    expect({ kind: backend.state.kind, loaded: backend.loaded }).toEqual({ kind: 'missing', loaded: false });
  });

  it('unloads and loads again, in the same process', async () => {
    backend = createBackend();
    await backend.ensureReady();
    const { pid } = await backend.status();
    await backend.unload();
    expect({ kind: backend.state.kind, loaded: backend.loaded }).toEqual({ kind: 'idle', loaded: false });
    await backend.ensureReady();
    expect((await backend.status()).pid).toBe(pid);
  });

  it('unloads by itself when it was idle for long enough, and the next question loads it again', async () => {
    backend = createBackend();
    backend.setUnloadAfter(5);
    await run(backend, question('What can you do?'));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    // The time runs from the end of a use.
    await backend.measure({ messages: [{ role: 'user', content: 'x' }], thinking: false }, new AbortController().signal);
    vi.advanceTimersByTime(5 * 60_000 - 1);
    expect(backend.state.kind).toBe('ready');
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    await until('unloaded', () => backend?.state.kind === 'idle');
    expect(backend.loaded).toBe(false);
    expect((await run(backend, question('What can you do?'))).answer).not.toBe('');
  });

  it('turned off has no process, runs nothing, says why, and comes back', async () => {
    backend = createBackend();
    await backend.ensureReady();
    const { pid } = await backend.status();
    backend.setEnabled(false);
    expect({ kind: backend.state.kind, loaded: backend.loaded }).toEqual({ kind: 'off', loaded: false });
    await until('the engine is gone', () => !isAlive(pid));
    const refusals = [backend.ensureReady(), backend.ensureInfill(), backend.countTokens(['x']), backend.hardware('cpu'), backend.restart(), run(backend, question('x'))];
    for (const refusal of refusals) expect(await refusal.then(() => 'nothing', (error: unknown) => toPonderError(error).code)).toBe('ponder-off');
    // Another model chosen meanwhile does not turn it on.
    backend.useModel(loadParams({ contextSize: 1024 }));
    expect(backend.state.kind).toBe('off');
    backend.setEnabled(true);
    expect(backend.state.kind).toBe('idle');
    expect((await backend.ensureReady()).contextSize).toBe(1024);
  });

  it('turned off ends what runs, and says that this was it', async () => {
    backend = createBackend();
    const asked = run(backend, question('What can you do?'), { onEvent: () => backend?.setEnabled(false) });
    const failure = await asked.then(() => undefined, (error: unknown) => error);
    expect(isAbort(failure)).toBe(false);
    expect(toPonderError(failure).code).toBe('ponder-off');
    expect(backend.state.kind).toBe('off');
  });

  it('turned off while it loads stays off', async () => {
    backend = createBackend();
    const loading = backend.ensureReady().then(() => 'loaded', (error: unknown) => toPonderError(error).code);
    await until('loading', () => backend?.state.kind === 'loading');
    backend.setEnabled(false);
    expect(await loading).toBe('ponder-off');
    expect(backend.state.kind).toBe('off');
  });
});
