/** The engine is killed in earnest; what holds it must live, say so, and have it back. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackendState } from '../../src/backends/backend.ts';
import type { LocalBackend } from '../../src/backends/local.ts';
import { createBackend, isAlive, question, run, until } from './support/backend.ts';

let backend: LocalBackend;
afterEach(() => backend.dispose());

const long = question('Count from 1 to 100.');
const short = question('What can you do?');

async function killInAnswer(signal: NodeJS.Signals): Promise<string> {
  const { pid } = await backend.status();
  let text = '';
  const answering = run(backend, long, {
    onEvent: (event) => {
      if (event.type !== 'answer') return;
      text += event.text;
      process.kill(pid, signal);
    },
  });
  await expect(answering).rejects.toMatchObject({ code: 'engine-crashed', data: { how: signal } });
  return text;
}

describe('a crash in mid-answer', () => {
  it.each(['SIGKILL', 'SIGSEGV'] as const)('%s: what had streamed stays, the engine comes back, a retry answers', async (signal) => {
    backend = createBackend();
    await backend.ensureReady();
    const before = await backend.status();
    expect(await killInAnswer(signal)).not.toBe('');
    await expect(run(backend, short)).resolves.toMatchObject({ result: { reason: 'stop' } });
    const after = await backend.status();
    expect(after.pid).not.toBe(before.pid);
    expect(isAlive(before.pid)).toBe(false);
  });

  it('comes back by itself, model and all, without being asked', async () => {
    backend = createBackend();
    await backend.ensureReady();
    process.kill((await backend.status()).pid, 'SIGKILL');
    const states: BackendState['kind'][] = [];
    backend.onDidChangeState(({ kind }) => states.push(kind));
    await until('ready again', () => states.includes('idle') && backend.state.kind === 'ready');
  });
});

describe('three crashes in a row', () => {
  it('stop the restarts and say so; restart starts afresh', async () => {
    backend = createBackend();
    for (let crash = 1; crash <= 3; crash++) {
      await backend.ensureReady();
      process.kill((await backend.status()).pid, 'SIGKILL');
      await until('the crash is noticed', () => backend.state.kind !== 'ready');
    }
    expect(backend.state).toEqual({ kind: 'down', crashes: 3 });
    await expect(run(backend, short)).rejects.toMatchObject({ code: 'engine-unstable', data: { crashes: 3 } });
    await backend.restart();
    await expect(run(backend, short)).resolves.toMatchObject({ result: { reason: 'stop' } });
  });

  it('are not counted across finished answers', async () => {
    backend = createBackend();
    for (let crash = 1; crash <= 4; crash++) {
      await run(backend, { ...short, maxTokens: 3 });
      process.kill((await backend.status()).pid, 'SIGKILL');
      await until('the crash is noticed', () => backend.state.kind !== 'ready');
    }
    expect(backend.state.kind).not.toBe('down');
  });
});

describe('an engine that cannot start', () => {
  it('is reported, tried three times and left alone', async () => {
    const { LocalBackend: Backend } = await import('../../src/backends/local.ts');
    const { silentLogger } = await import('../../src/base/log.ts');
    backend = new Backend({ entry: fileURLToPath(new URL('./support/no-such-engine.mjs', import.meta.url)), logger: silentLogger });
    backend.useModel({ modelPath: '/x.gguf', gpu: 'cpu', contextSize: 512 });
    await expect(backend.ensureReady()).rejects.toMatchObject({ code: 'engine-start-failed' });
    await until('given up', () => backend.state.kind === 'down');
  });
});

describe('orphans', () => {
  it('there are none when the host is killed in mid-answer', async () => {
    backend = createBackend();
    const ask = fileURLToPath(new URL('../../dist/ask.mjs', import.meta.url));
    const host = spawn(process.execPath, [ask, '--greedy', '--think', 'off', '--verbose', 'Count from 1 to 100.'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => host.stdout.once('data', resolve));
    const engine = childrenOf(host.pid ?? 0)[0] ?? 0;
    expect(engine).toBeGreaterThan(0);
    host.kill('SIGKILL');
    await until('the engine has left', () => !isAlive(engine));
  });
});

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return new RegExp(`^PPid:\\s+${String(parent)}$`, 'm').test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
      } catch {
        return false;
      }
    });
}
