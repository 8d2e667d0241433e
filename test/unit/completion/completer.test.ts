import { beforeEach, describe, expect, it } from 'vitest';
import type { InfillEvent } from '../../../src/backends/backend.ts';
import { FakeBackend } from '../../../src/backends/fake.ts';
import { PonderError } from '../../../src/base/errors.ts';
import { Completer, type Outcome, type Place } from '../../../src/completion/completer.ts';
import type { Hole } from '../../../src/completion/hole.ts';
import type { InfillResult } from '../../../src/protocol/engine.ts';
import { FakeClock, settle } from './support/clock.ts';

const above = 'function add(first, second) {\n';
const below = '\n}\n';

function hole(typed: string, suffix = below): Hole {
  return { prefix: above + typed, suffix, language: 'javascript', indent: '  ' };
}

const neighboursAsked: number[] = [];
function place(typed: string, more: Partial<Place> = {}): Place {
  return {
    document: 'file:///add.js',
    path: 'add.js',
    repository: 'sample',
    hole: hole(typed),
    neighbours: (budget) => {
      neighboursAsked.push(budget);
      return Promise.resolve([]);
    },
    ...more,
  };
}

const result: InfillResult = { reason: 'stop', promptTokens: 10, cachedTokens: 0, tokens: 3, firstTokenMs: 1, readSpeed: 1000, writeSpeed: 50 };
const end: InfillEvent = { type: 'end', result };
const say = (text: string, probability = 0.9): InfillEvent => ({ type: 'text', text, probability });

/** A promise that a test fulfils. */
function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

let clock: FakeClock;
let backend: FakeBackend;
let completer: Completer;
let busy: boolean[];
beforeEach(() => {
  clock = new FakeClock();
  backend = new FakeBackend();
  busy = [];
  neighboursAsked.length = 0;
  completer = new Completer({
    backend,
    clock,
    strategy: () => Promise.resolve('file'),
    syntax: () => Promise.resolve(undefined),
    onBusy: (now) => busy.push(now),
  });
});

const never = (): AbortSignal => new AbortController().signal;
const ask = (typed: string, signal = never(), more: Partial<Place> = {}): Promise<Outcome> => completer.complete({ place: place(typed, more), manual: false }, signal);

/** Presses keys one after another; VS Code cancels each request when the next key comes. */
async function type(keys: readonly string[], interval: number): Promise<Promise<Outcome>[]> {
  const outcomes: Promise<Outcome>[] = [];
  let aborter = new AbortController();
  for (const typed of keys) {
    aborter.abort();
    aborter = new AbortController();
    outcomes.push(ask(typed, aborter.signal));
    await clock.pass(interval);
  }
  return outcomes;
}

describe('asking', () => {
  it('waits for a pause, then shows the rest of the line', async () => {
    backend.infillScripts = [[say(' first'), say(' +'), say(' second;'), end]];
    const outcome = ask('  return');
    await settle();
    expect(backend.infills).toHaveLength(0);
    await clock.pass(1000);
    expect(await outcome).toEqual({ kind: 'text', text: ' first + second;', replaces: 0, from: 'model' });
    expect(backend.infills).toHaveLength(1);
    expect(backend.infills[0]?.params).toMatchObject({
      prompt: { form: 'file', prefix: above, suffix: below },
      typed: '  return',
      urgency: 'typing',
    });
    expect(busy).toEqual([true, false]);
  });

  it('asks once for keys in quick succession', async () => {
    backend.infillScripts = [[say(' first;'), end]];
    const outcomes = await type(['  r', '  re', '  ret', '  retu', '  retur', '  return'], 100);
    await clock.pass(1000);
    expect(await Promise.all(outcomes)).toEqual([...Array<Outcome>(5).fill({ kind: 'cancelled' }), { kind: 'text', text: ' first;', replaces: 0, from: 'model' }]);
    expect(backend.infills).toHaveLength(1);
  });

  it('by hand does not wait', async () => {
    backend.infillScripts = [[say(' first;'), end]];
    const outcome = completer.complete({ place: place('  return'), manual: true }, never());
    await settle();
    expect(backend.infills).toHaveLength(1);
    expect((await outcome).kind).toBe('text');
  });

  it('tells why there is nothing', async () => {
    backend.infillScripts = [[end], [say('weak words', 0.05), end], [say('}\n'), end]];
    const why = async (typed: string): Promise<Outcome> => {
      const outcome = completer.complete({ place: place(typed), manual: true }, never());
      await clock.pass(0);
      return outcome;
    };
    expect(await why('  a')).toEqual({ kind: 'nothing', why: 'model' });
    expect(await why('  b')).toEqual({ kind: 'nothing', why: 'weak' });
    expect(await why('  c(')).toEqual({ kind: 'nothing', why: 'unbalanced' });
  });

  it('passes an error on', async () => {
    backend.infillScripts = [[new PonderError('engine-crashed', 'gone')]];
    const outcome = ask('  return');
    await clock.pass(1000);
    expect(await outcome).toMatchObject({ kind: 'error', error: { code: 'engine-crashed' } });
    backend.infillScripts = [[say(' first;'), end]];
    const next = ask('  return ');
    await clock.pass(1000);
    expect((await next).kind).toBe('text');
  });

  it('shows less of the file where it did not fit', async () => {
    const long = 'x'.repeat(99) + '\n';
    const far: Partial<Place> = { hole: { ...hole('  return'), prefix: long.repeat(60) + '  return' } };
    backend.infillScripts = [[new PonderError('prompt-too-long', 'no', { tokens: 3000, window: 1000 })], [say(' first;'), end]];
    const outcome = ask('', never(), far);
    await clock.pass(1000);
    expect(await outcome).toMatchObject({ kind: 'text' });
    const [first, second] = backend.infills.map(({ params }) => (params.prompt.form === 'file' ? params.prompt.prefix.length : 0));
    expect(second).toBeLessThan((first ?? 0) / 2);
  });

  it('gives up on what takes too long, unless asked by hand', async () => {
    backend.infillScripts = [[gate().passed]];
    const outcome = ask('  return');
    await clock.pass(20_000);
    expect(await outcome).toEqual({ kind: 'nothing', why: 'too-slow' });
    expect(backend.infills[0]?.signal.aborted).toBe(true);

    const { open, passed } = gate();
    backend.infillScripts = [[], [passed, say(' first;'), end]];
    const manual = completer.complete({ place: place('  return '), manual: true }, never());
    await clock.pass(20_000);
    open();
    expect((await manual).kind).toBe('text');
  });
});

describe('while an answer is under way', () => {
  it('is kept as long as what is typed goes along with it', async () => {
    const { open, passed } = gate();
    backend.infillScripts = [[say(' fir'), passed, say('st + second;'), end]];
    const aborter = new AbortController();
    const first = ask('  return', aborter.signal);
    await clock.pass(1000);
    aborter.abort();
    const second = ask('  return f');
    await clock.pass(100);
    expect(await first).toEqual({ kind: 'cancelled' });
    open();
    await clock.pass(1000);
    expect(await second).toEqual({ kind: 'text', text: 'irst + second;', replaces: 0, from: 'running' });
    expect(backend.infills).toHaveLength(1);
    expect(backend.infills[0]?.signal.aborted).toBe(true);
    expect(completer.counts).toMatchObject({ asked: 2, started: 1, aborted: 0 });
  });

  it('is kept while nothing of it has arrived, and judged when it does', async () => {
    const { open, passed } = gate();
    backend.infillScripts = [[passed, say(' other;'), end], [say('irst;'), end]];
    const aborter = new AbortController();
    const before = ask('  return', aborter.signal);
    await clock.pass(1000);
    aborter.abort();
    const outcome = ask('  return f');
    await clock.pass(1000);
    expect(backend.infills).toHaveLength(1);
    open();
    await clock.pass(1000);
    expect(await outcome).toEqual({ kind: 'text', text: 'irst;', replaces: 0, from: 'model' });
    expect((await before).kind).toBe('cancelled');
    expect(backend.infills).toHaveLength(2);
  });

  it('is aborted at once when something else is typed', async () => {
    backend.infillScripts = [[say(' fir'), gate().passed]];
    const aborter = new AbortController();
    void ask('  return', aborter.signal);
    await clock.pass(1000);
    aborter.abort();
    void ask('  return x');
    await settle();
    expect(backend.infills[0]?.signal.aborted).toBe(true);
    expect(completer.counts.aborted).toBe(1);
  });

  it('is aborted when nobody asks again', async () => {
    backend.infillScripts = [[say(' fir'), gate().passed]];
    const aborter = new AbortController();
    void ask('  return', aborter.signal);
    await clock.pass(1000);
    aborter.abort();
    await clock.pass(100);
    expect(backend.infills[0]?.signal.aborted).toBe(false);
    await clock.pass(300);
    expect(backend.infills[0]?.signal.aborted).toBe(true);
  });

  it('is aborted on demand', async () => {
    backend.infillScripts = [[say(' fir'), gate().passed]];
    void ask('  return');
    await clock.pass(1000);
    completer.dismiss();
    expect(backend.infills[0]?.signal.aborted).toBe(true);
  });

  it('is not asked for again by whoever waited for it', async () => {
    const { open, passed } = gate();
    backend.infillScripts = [[say(' fir'), passed, say('st'), end]];
    const outcome = ask('  return');
    await clock.pass(1000);
    completer.dismiss();
    open();
    await clock.pass(2000);
    expect(await outcome).toEqual({ kind: 'cancelled' });
    expect(backend.infills).toHaveLength(1);
  });

  it('is not begun where it is dismissed before', async () => {
    const outcome = ask('  return');
    await settle();
    completer.dismiss();
    await clock.pass(2000);
    expect(await outcome).toEqual({ kind: 'cancelled' });
    expect(backend.infills).toHaveLength(0);
  });

  it('shows whole lines after a while, and the others when those are accepted', async () => {
    const { open, passed } = gate();
    backend.infillScripts = [[say('  const sum = first + second;\n'), passed, say('  return sum;'), end]];
    const outcome = ask('');
    await clock.pass(300);
    await clock.pass(1000);
    expect(await outcome).toMatchObject({ kind: 'text', text: '  const sum = first + second;' });
    const next = ask('  const sum = first + second;');
    open();
    await clock.pass(1000);
    expect(await next).toMatchObject({ kind: 'text', text: '\n  return sum;', from: 'running' });
    expect(backend.infills).toHaveLength(1);
  });
});

describe('what was answered', () => {
  it('serves again while it is typed, deleted back and undone', async () => {
    backend.infillScripts = [[say(' first + second;'), end]];
    const first = ask('  return');
    await clock.pass(1000);
    await first;
    for (const typed of ['  return f', '  return first', '  return fi', '  return', '  return first +']) {
      expect(await ask(typed)).toEqual({ kind: 'text', text: '  return first + second;'.slice(typed.length), replaces: 0, from: 'recent' });
    }
    expect(backend.infills).toHaveLength(1);
    expect(completer.counts).toMatchObject({ asked: 6, recent: 5, started: 1 });
  });

  it('is over once all of it is typed', async () => {
    backend.infillScripts = [[say(' first;'), end]];
    const first = ask('  return');
    await clock.pass(1000);
    await first;
    const next = ask('  return first;');
    await clock.pass(1000);
    await next;
    expect(backend.infills).toHaveLength(2);
  });

  it('by another model is forgotten', async () => {
    backend.infillScripts = [[say(' first;'), end]];
    const first = ask('  return');
    await clock.pass(1000);
    await first;
    completer.reset();
    const next = ask('  return');
    await clock.pass(1000);
    expect(await next).toMatchObject({ from: 'model' });
  });
});

describe('after an acceptance', () => {
  it('asks at once', async () => {
    backend.infillScripts = [[say(' first;'), end], [say('x'), end]];
    const first = ask('  return');
    await clock.pass(1000);
    await first;
    void ask('  return first;');
    await settle();
    expect(backend.infills).toHaveLength(2);
    void ask('  other');
    await settle();
    expect(backend.infills).toHaveLength(2);
  });
});

describe('reading ahead', () => {
  it('reads in the background and writes nothing; a key ends it', async () => {
    backend.infillScripts = [[gate().passed], [say(' first;'), end]];
    void completer.warm(place('  return'));
    await settle();
    expect(backend.infills[0]?.params).toMatchObject({ maxTokens: 0, urgency: 'background', typed: '  return' });
    const outcome = ask('  return ');
    expect(backend.infills[0]?.signal.aborted).toBe(true);
    await clock.pass(1000);
    expect((await outcome).kind).toBe('text');
  });

  it('asks for other files anew, typing does not', async () => {
    backend.infillScripts = [[say(' first;'), end]];
    const gpu = { ...backend.infillInfo, gpu: 'vulkan' as const };
    backend.infillInfo = gpu;
    const first = ask('  a');
    await clock.pass(1000);
    await first;
    const second = ask('  b');
    await clock.pass(1000);
    await second;
    expect(neighboursAsked).toHaveLength(1);
    await completer.warm(place('  b'));
    expect(neighboursAsked).toHaveLength(2);
  });
});
