import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../src/base/errors.ts';
import { errorCard, errorSentence } from '../../../src/chat/error-card.ts';

describe('errorCard', () => {
  it.each(errorCodes)('%s has one sentence and an action', (code) => {
    const { title, actions } = errorCard({ code, message: 'm', data: {} });
    expect(title).not.toBe('');
    expect(title).not.toMatch(/[.!]$|undefined|NaN/);
    expect(actions.length).toBeGreaterThan(0);
    for (const { id, label } of actions) expect(`${id}${label}`).not.toMatch(/undefined|NaN/);
  });

  it('offers the window that fits and shows the memory', () => {
    const card = errorCard({ code: 'context-too-large', message: '', data: { asked: 65_536, fits: 32_768, fitsNeeded: 7.2e9, needed: 12e9, free: 11e9 } });
    expect(card).toMatchObject({ title: 'Not enough memory for a 64k context', memory: { needed: 12e9, free: 11e9 } });
    expect(card.actions[0]).toEqual({ id: 'use-context:32768', label: 'Use 32k', detail: 'Needs 7.2 GB' });
  });

  it('offers no window where none is large enough', () => {
    const card = errorCard({ code: 'prompt-too-long', message: '', data: { tokens: 200_000, window: 131_072 } });
    expect(card.actions.map(({ id }) => id)).toEqual(['new-conversation']);
  });

  it('leads from a backend that is not there to what can be done about it', () => {
    const actions = (data: Record<string, string | number>): string[] => errorCard({ code: 'gpu-unavailable', message: '', data }).actions.map(({ id }) => id);
    expect(actions({ gpu: 'cuda', nvidia: 1 })).toEqual(['install-cuda', 'use-auto-gpu', 'choose-gpu']);
    expect(actions({ gpu: 'cuda' })[0]).toBe('use-auto-gpu');
    expect(actions({ gpu: 'cuda', installed: 1, nvidia: 1 })).not.toContain('install-cuda');
    expect(actions({ gpu: 'vulkan', nvidia: 1 })).toEqual(['use-auto-gpu', 'choose-gpu', 'open-settings']);
    expect(actions({ gpu: 'auto', devices: '1, 3' })).toEqual(['choose-gpu', 'use-auto-gpu']);
    expect(errorCard({ code: 'gpu-unavailable', message: '', data: { gpu: 'auto', devices: '1, 3' } }).title).toContain('1, 3');
    expect(errorCard({ code: 'gpu-unavailable', message: '', data: { gpu: 'vulkan' } }).title).toBe('The Vulkan backend is not available on this computer');
  });

  it('is one or two sentences in a notification', () => {
    expect(errorSentence({ code: 'download-failed', message: '', data: {} })).toBe('The download could not be finished. What has arrived is kept; the next attempt goes on from there.');
    expect(errorSentence({ code: 'folder-unwritable', message: '', data: { path: '/models' } })).toBe('The folder for models cannot be written to: /models');
  });
});
