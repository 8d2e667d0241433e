import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../src/base/event.ts';
import { isSetupRequest, SetupView, type Setup } from '../../../src/chat/vscode/first-run.ts';
import type { SetupRequest, SetupState } from '../../../src/protocol/setup.ts';

const ready: SetupState = { status: 'ready', found: [], cards: [], source: 'hub.test' };

function view(): { view: SetupView; changed: Emitter<void>; made: () => number; done: () => number; told: () => number; asked: SetupRequest[] } {
  const changed = new Emitter<void>();
  const asked: SetupRequest[] = [];
  let [made, done, told] = [0, 0, 0];
  const setup: Setup = {
    state: ready,
    onDidChange: changed.event,
    isWatched: () => false,
    act: (request) => {
      asked.push(request);
      return Promise.resolve();
    },
  };
  const each = new SetupView({ make: () => Promise.resolve((made++, setup)), isWatched: () => true, onDidChange: () => told++, onDone: () => done++, onError: () => undefined });
  return { view: each, changed, made: () => made, done: () => done, told: () => told, asked };
}

describe('the first run in the chat', () => {
  it('makes nothing before somebody looks, and nothing where a model is chosen', async () => {
    const { view: setup, made } = view();
    expect(setup.state(true)).toBeUndefined();
    setup.open();
    expect(setup.state(false)).toBeUndefined();
    expect(made()).toBe(0);
    expect(setup.state(true)?.status).toBe('reading');
    await Promise.resolve();
    expect(setup.state(true)).toBe(ready);
    expect(made()).toBe(1);
  });

  it('says once that a model has been chosen while it was shown', async () => {
    const { view: setup, done } = view();
    setup.open();
    setup.state(false);
    expect(done()).toBe(0);
    setup.state(true);
    await Promise.resolve();
    setup.state(false);
    setup.state(false);
    expect(done()).toBe(1);
  });

  it('tells of changes only while it is shown', async () => {
    const { view: setup, changed, told } = view();
    setup.open();
    setup.state(true);
    await Promise.resolve();
    await Promise.resolve();
    const before = told();
    changed.fire();
    expect(told()).toBe(before + 1);
    setup.state(false);
    changed.fire();
    expect(told()).toBe(before + 1);
  });

  it('hands requests on, and knows its own', async () => {
    const { view: setup, asked } = view();
    await setup.act({ type: 'setupFile' });
    expect(asked).toEqual([{ type: 'setupFile' }]);
    expect(isSetupRequest({ type: 'setupAgain' })).toBe(true);
    expect(isSetupRequest({ type: 'stop' })).toBe(false);
  });
});
