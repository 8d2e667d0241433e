import { beforeEach, describe, expect, it } from 'vitest';
import { FakeBackend, fakeInfill } from '../../../src/backends/fake.ts';
import { PonderError } from '../../../src/base/errors.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { knownHoles } from '../../../src/completion/self-test-holes.ts';
import { StrategyChoice } from '../../../src/completion/strategy-choice.ts';
import type { Scores, Strategy } from '../../../src/completion/strategy.ts';
import type { InfillForm } from '../../../src/protocol/engine.ts';
import { FakeClock, settle } from './support/clock.ts';

let backend: FakeBackend;
let clock: FakeClock;
let known: Record<string, Scores>;
let wanted: Strategy | 'auto';
let asked: InfillForm[];
let log: string[];
let changes: number;
let choice: StrategyChoice;
beforeEach(() => {
  backend = new FakeBackend();
  clock = new FakeClock();
  known = {};
  wanted = 'auto';
  asked = [];
  log = [];
  changes = 0;
  choice = new StrategyChoice({
    backend,
    clock,
    logger: { ...silentLogger, info: (message) => log.push(message), warn: (message) => log.push(message) },
    wanted: () => wanted,
    recall: (fingerprint) => known[fingerprint],
    remember: (fingerprint, scores) => {
      known[fingerprint] = scores;
      return Promise.resolve();
    },
    onDidChange: () => changes++,
  });
  best('chat');
});

/** The model is better in one form than in the others. */
function best(form: InfillForm): void {
  backend.scoreOf = ({ prompt }) => {
    asked.push(prompt.form);
    return prompt.form === form ? -0.5 : -2;
  };
}
/** Somebody types, and the engine has no time for a test. */
function busy(): void {
  backend.scoreOf = ({ prompt }) => {
    asked.push(prompt.form);
    throw new DOMException('Cancelled', 'AbortError');
  };
}
const other = { ...fakeInfill, name: 'Other', fingerprint: 'other' };
const whole = 3 * knownHoles.length;

describe('the strategy', () => {
  it('goes by the model\'s kind until the test is done, and by its result then', async () => {
    expect(await choice.strategy()).toBe('repository');
    await settle();
    expect(await choice.strategy()).toBe('chat');
    expect(known).toEqual({ fake: { file: -2, repository: -2, chat: -0.5 } });
    expect(log).toEqual(['completions: Fake scores {"file":-2,"repository":-2,"chat":-0.5}']);
  });

  it('tests a model once', async () => {
    await choice.strategy();
    await choice.strategy();
    await settle();
    await choice.strategy();
    await settle();
    expect(asked).toHaveLength(whole);
  });

  it('goes by scores of before, without a test', async () => {
    known = { fake: { file: -0.1, repository: -1, chat: -2 } };
    expect(await choice.strategy()).toBe('file');
    await settle();
    expect(asked).toHaveLength(0);
  });

  it('is the user\'s if the model has that form', async () => {
    known = { fake: { file: -0.1, repository: -1, chat: -2 } };
    wanted = 'chat';
    expect(await choice.strategy()).toBe('chat');
    wanted = 'auto';
    expect(await choice.strategy()).toBe('file');
  });

  it('is found by itself if the model lacks the form that the user wants', async () => {
    backend.infillInfo = { ...fakeInfill, forms: { file: true, repository: false, chat: true } };
    wanted = 'repository';
    expect(await choice.strategy()).toBe('file');
    await settle();
    expect(await choice.strategy()).toBe('chat');
    expect(asked).not.toContain('repository');
  });

  it('is none for a model without any form', async () => {
    backend.infillInfo = { ...fakeInfill, forms: { file: false, repository: false, chat: false } };
    await expect(choice.strategy()).rejects.toMatchObject({ code: 'model-no-infill' });
    expect(asked).toHaveLength(0);
    expect(choice.standing).toBeUndefined();
  });

  it('fails with what the backend fails with', async () => {
    backend.ensureInfill = () => Promise.reject(new PonderError('engine-crashed', 'gone'));
    await expect(choice.strategy()).rejects.toMatchObject({ code: 'engine-crashed' });
  });
});

describe('another model', () => {
  it('is tested too', async () => {
    await choice.strategy();
    await settle();
    best('file');
    backend.infillInfo = other;
    expect(await choice.strategy()).toBe('repository');
    await settle();
    expect(await choice.strategy()).toBe('file');
    expect(Object.keys(known)).toEqual(['fake', 'other']);
    backend.infillInfo = fakeInfill;
    expect(await choice.strategy()).toBe('chat');
    await settle();
    expect(asked).toHaveLength(2 * whole);
  });

  it('ends the test of the one before', async () => {
    busy();
    await choice.strategy();
    await settle();
    backend.infillInfo = other;
    best('file');
    await choice.strategy();
    await settle();
    await clock.pass(60_000);
    expect(known).toEqual({ other: { file: -0.5, repository: -2, chat: -2 } });
    expect(log).toHaveLength(1);
    expect(choice.standing?.testing).toBeUndefined();
  });
});

describe('a test', () => {
  it('that fails is logged, and tried again when a strategy is asked for', async () => {
    backend.scoreOf = () => {
      throw new PonderError('engine-crashed', 'gone');
    };
    expect(await choice.strategy()).toBe('repository');
    await settle();
    expect(log).toEqual(['completions: the self-test failed: gone']);
    expect(known).toEqual({});
    best('chat');
    expect(await choice.strategy()).toBe('repository');
    await settle();
    expect(await choice.strategy()).toBe('chat');
  });

  it('whose result cannot be kept does not fail', async () => {
    choice = new StrategyChoice({
      backend,
      clock,
      logger: { ...silentLogger, warn: (message) => log.push(message) },
      wanted: () => 'auto',
      recall: () => undefined,
      remember: () => Promise.reject(new Error('disk full')),
      onDidChange: () => changes++,
    });
    await choice.test(fakeInfill);
    expect(log).toEqual(['completions: the self-test failed: disk full']);
  });

  it('gives way to typing, and goes on afterwards', async () => {
    busy();
    expect(await choice.strategy()).toBe('repository');
    await clock.pass(5000);
    expect(await choice.strategy()).toBe('repository');
    expect(asked).toHaveLength(6);
    best('chat');
    await clock.pass(1000);
    expect(await choice.strategy()).toBe('chat');
    expect(log).toHaveLength(1);
  });

  it('is ended by a reset, without a word', async () => {
    busy();
    await choice.strategy();
    await settle();
    choice.reset();
    await clock.pass(60_000);
    expect(asked).toHaveLength(1);
    expect(known).toEqual({});
    expect(log).toEqual([]);
  });

  it('is ended when all is over', async () => {
    busy();
    await choice.strategy();
    await settle();
    choice.dispose();
    await clock.pass(60_000);
    expect(asked).toHaveLength(1);
  });

  it('begins anew after a reset', async () => {
    busy();
    await choice.strategy();
    await settle();
    choice.reset();
    await settle();
    best('chat');
    await choice.strategy();
    await settle();
    expect(await choice.strategy()).toBe('chat');
  });

  it('by hand is done though there are scores, and replaces them', async () => {
    known = { fake: { file: -0.1, repository: -1, chat: -2 } };
    expect(await choice.strategy()).toBe('file');
    await choice.test(fakeInfill);
    expect(asked).toHaveLength(whole);
    expect(await choice.strategy()).toBe('chat');
  });

  it('by hand begins at once after a reset', async () => {
    busy();
    await choice.strategy();
    await settle();
    choice.reset();
    best('chat');
    const done = choice.test(fakeInfill);
    await settle();
    await done;
    expect(known).toHaveProperty('fake');
  });
});

describe('the standing', () => {
  it('is none before a model is asked, and after a reset', async () => {
    expect(choice.standing).toBeUndefined();
    await choice.strategy();
    expect(choice.standing).toBeDefined();
    choice.reset();
    expect(choice.standing).toBeUndefined();
  });

  it('tells of the model, the strategy, the running test and its result', async () => {
    let count = 0;
    backend.scoreOf = ({ prompt }) => {
      if (++count > 3) throw new DOMException('Cancelled', 'AbortError');
      return prompt.form === 'chat' ? -0.5 : -2;
    };
    await choice.strategy();
    expect(choice.standing).toEqual({ info: fakeInfill, strategy: 'repository', scores: undefined, testing: 0 });
    await settle();
    expect(choice.standing).toEqual({ info: fakeInfill, strategy: 'repository', scores: undefined, testing: 3 / whole });
    best('chat');
    await clock.pass(1000);
    expect(choice.standing).toEqual({ info: fakeInfill, strategy: 'chat', scores: { file: -2, repository: -2, chat: -0.5 }, testing: undefined });
  });

  it('is told of when it changes', async () => {
    known = { fake: { file: -0.1 } };
    await choice.strategy();
    expect(changes).toBe(1);
    await choice.strategy();
    expect(changes).toBe(1);
    await choice.test(fakeInfill);
    // Each hole, and the end.
    expect(changes).toBe(1 + whole + 1);
  });

  it('is told of when a test fails', async () => {
    backend.scoreOf = () => {
      throw new Error('gone');
    };
    await choice.test(fakeInfill);
    expect(changes).toBe(1);
    expect(choice.standing).toBeUndefined();
  });
});
