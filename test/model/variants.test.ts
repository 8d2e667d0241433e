/** The three kinds of Qwen3, each by its official template. */
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import { createBackend, modelPath, question, run } from './support/backend.ts';

let backend: LocalBackend | undefined;
afterEach(() => backend?.dispose());

describe('hybrid', () => {
  it.each([
    { switch: '', thinking: true, thinks: true },
    { switch: '', thinking: false, thinks: false },
    { switch: ' /think', thinking: true, thinks: true },
    { switch: ' /no_think', thinking: true, thinks: false },
  ])('thinking $thinking with "$switch": thinks $thinks', async ({ switch: soft, thinking, thinks }) => {
    backend = createBackend();
    const { thought, answer } = await run(backend, question(`What can you do?${soft}`, { thinking }));
    expect(thought !== '').toBe(thinks);
    expect(answer).not.toBe('');
    expect(answer).not.toContain('think>');
  });
});

describe('Thinking-2507', () => {
  it('thinks without an opening tag, whatever it is told', async () => {
    backend = createBackend({ modelPath: modelPath('tiny-qwen3-thinking-2507') });
    expect(await backend.ensureReady()).toMatchObject({ thinking: 'always' });
    for (const thinking of [true, false]) {
      const { thought, answer } = await run(backend, question('What can you do?', { thinking }));
      expect(thought).not.toBe('');
      expect(answer).not.toBe('');
      expect(thought + answer).not.toContain('think>');
    }
  });
});

describe('Instruct-2507', () => {
  it('never thinks', async () => {
    backend = createBackend({ modelPath: modelPath('tiny-qwen3-instruct-2507') });
    expect(await backend.ensureReady()).toMatchObject({ thinking: 'never' });
    const { thought, answer, events } = await run(backend, question('What can you do?', { thinking: true }));
    expect(thought).toBe('');
    expect(answer).not.toBe('');
    expect(events.some(({ type }) => type === 'thoughtEnd')).toBe(false);
  });
});
