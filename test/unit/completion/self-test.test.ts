import { beforeEach, describe, expect, it } from 'vitest';
import { FakeBackend } from '../../../src/backends/fake.ts';
import { PonderError } from '../../../src/base/errors.ts';
import { balance } from '../../../src/completion/brackets.ts';
import { infillPrompt } from '../../../src/completion/prompt.ts';
import { knownHoles } from '../../../src/completion/self-test-holes.ts';
import { testStrategies } from '../../../src/completion/self-test.ts';
import type { Scores } from '../../../src/completion/strategy.ts';
import type { InfillInfo, ScoreParams } from '../../../src/protocol/engine.ts';
import { FakeClock, settle } from './support/clock.ts';

const every: InfillInfo['forms'] = { file: true, repository: true, chat: true };
const cancelled = (): Error => new DOMException('Cancelled', 'AbortError');

let backend: FakeBackend;
let clock: FakeClock;
let asked: ScoreParams[];
let progress: number[];
let aborter: AbortController;
beforeEach(() => {
  backend = new FakeBackend();
  clock = new FakeClock();
  asked = [];
  progress = [];
  aborter = new AbortController();
});

/** What the model says of its n-th question; an error is thrown. */
function answer(say: (params: ScoreParams, index: number) => number | Error): void {
  backend.scoreOf = (params) => {
    const said = say(params, asked.push(params) - 1);
    if (said instanceof Error) throw said;
    return said;
  };
}
const test = (forms = every): Promise<Scores> => testStrategies({ backend, clock }, forms, aborter.signal, (fraction) => progress.push(fraction));

describe('the self-test', () => {
  it('has for each strategy the mean over all holes', async () => {
    const seen = { file: 0, repository: 0, chat: 0 };
    const slope = { file: 0.1, repository: 0.2, chat: 0.3 };
    answer(({ prompt: { form } }) => -slope[form] * seen[form]++);
    const mean = (knownHoles.length - 1) / 2;
    const scores = await test();
    expect(Object.keys(scores)).toEqual(['file', 'repository', 'chat']);
    for (const form of ['file', 'repository', 'chat'] as const) expect(scores[form]).toBeCloseTo(-slope[form] * mean, 9);
  });

  it('does not let one hole outweigh all others', async () => {
    answer((_, index) => (index === 0 ? -1000 : -0.5));
    const { file = 0 } = await test({ file: true, repository: false, chat: false });
    expect(file).toBeGreaterThan(-1);
    expect(file).toBeLessThan(-0.5);
    answer(() => -Infinity);
    expect(Number.isFinite((await test()).chat)).toBe(true);
  });

  it('asks in the forms that the model has only', async () => {
    answer(() => -1);
    expect(await test({ file: false, repository: false, chat: true })).toEqual({ chat: -1 });
    expect(new Set(asked.map(({ prompt }) => prompt.form))).toEqual(new Set(['chat']));
    expect(await test({ file: false, repository: false, chat: false })).toEqual({});
  });

  it('tells how far it is, from near 0 to 1', async () => {
    answer(() => -1);
    await test();
    const steps = 3 * knownHoles.length;
    expect(progress).toEqual(Array.from({ length: steps }, (_, index) => (index + 1) / steps));
  });

  it('asks for each hole as a completion would, with the cursor\'s line as what is typed', async () => {
    answer(() => -1);
    await test();
    const wanted = (['file', 'repository', 'chat'] as const).flatMap((strategy) =>
      knownHoles.map(({ prefix, suffix, middle, ...file }) => {
        const [typed = ''] = prefix.split('\n').slice(-1);
        const above = prefix.slice(0, prefix.length - typed.length);
        return { prompt: infillPrompt(strategy, { prefix: above, typed, suffix }, { ...file, repository: 'app' }).prompt, typed, middle };
      }),
    );
    expect(asked).toEqual(wanted);
    for (const { prompt, typed } of asked) {
      expect(typed.trim()).not.toBe('');
      const before = prompt.form === 'chat' ? prompt.opening : prompt.prefix;
      expect(before.endsWith('\n')).toBe(true);
    }
  });

  it('tries again after a recess when somebody types', async () => {
    answer((_, index) => (index === 1 || index === 2 ? cancelled() : -1));
    const scores = test({ ...every, repository: false, chat: false });
    await settle();
    expect(asked).toHaveLength(2);
    expect(progress).toHaveLength(1);
    await clock.pass(900);
    expect(asked).toHaveLength(2);
    await clock.pass(200);
    expect(asked).toHaveLength(3);
    await clock.pass(1000);
    expect(await scores).toEqual({ file: -1 });
    // The same hole three times over.
    expect(asked[2]).toEqual(asked[1]);
    expect(asked[3]).toEqual(asked[1]);
    expect(asked).toHaveLength(knownHoles.length + 2);
    expect(progress.at(-1)).toBe(1);
  });

  it('ends when it is cancelled, between two holes', async () => {
    answer((_, index) => {
      if (index === 3) aborter.abort();
      return -1;
    });
    await expect(test()).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked).toHaveLength(4);
  });

  it('ends when it is cancelled, within a recess', async () => {
    answer(() => cancelled());
    const outcome = expect(test()).rejects.toMatchObject({ name: 'AbortError' });
    await settle();
    aborter.abort();
    await outcome;
    expect(asked).toHaveLength(1);
    await clock.pass(10_000);
    expect(asked).toHaveLength(1);
  });

  it('ends when it is cancelled, though the backend says so too', async () => {
    answer(() => {
      aborter.abort();
      return cancelled();
    });
    await expect(test()).rejects.toMatchObject({ name: 'AbortError' });
    await clock.pass(10_000);
    expect(asked).toHaveLength(1);
  });

  it('fails with what the backend fails with', async () => {
    answer(() => new PonderError('engine-crashed', 'gone'));
    await expect(test()).rejects.toMatchObject({ code: 'engine-crashed' });
    expect(asked).toHaveLength(1);
    expect(progress).toEqual([]);
  });
});

describe.each(knownHoles)('the known hole in $path', ({ path, prefix, middle, suffix, neighbours }) => {
  it('is code whose brackets are balanced', () => {
    expect(balance(prefix + middle + suffix)).toEqual({ open: [], unmatched: [] });
  });

  it('has a middle that nothing gives away word for word', () => {
    expect(middle.trim()).not.toBe('');
    expect(middle).toBe(middle.trimEnd());
    for (const text of [prefix, suffix, ...neighbours.map(({ content }) => content)]) expect(text).not.toContain(middle);
    expect(neighbours.map((file) => file.path)).not.toContain(path);
  });

  it('begins within a line, behind one space at most, and ends with a line', () => {
    expect(prefix + middle).not.toMatch(/\S {2}/);
    expect(prefix).toMatch(/\S ?$/);
    expect(suffix).toMatch(/^\n[^]*\n$/);
  });
});
