import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fit, type Task, type Trace, type TraceEvent } from '../../../../bench/completion/trace.ts';
import { Typist } from '../../../../bench/completion/typist.ts';

const above = 'const limit = 10;\n\n';
const target = 'function half(value) {\n  return value / 2;\n}';
const below = '\n\nhalf(limit);\n';

function trace(events: readonly TraceEvent[]): Trace {
  const sha256 = createHash('sha256').update(target).digest('hex');
  return { path: 'half.js', language: 'javascript', indent: '  ', firstLine: 'function half(value) {', length: target.length, sha256, events };
}

function task(events: readonly TraceEvent[] = []): Task {
  return fit(trace(events), above + target + below);
}

const type = (units: number): TraceEvent => [100, 'type', units];

function text({ hole: { prefix, suffix } }: Typist): string {
  return `${prefix}|${suffix}`;
}

describe('a trace', () => {
  it('takes its function out of the file', () => {
    expect(task()).toMatchObject({ before: above, target, after: below });
    expect(text(new Typist(task()))).toBe(`${above}|${below}`);
  });

  it('fits wherever in the file the function stands', () => {
    expect(fit(trace([]), `// New.\n${above}${target}${below}`).before).toBe(`// New.\n${above}`);
  });

  it('says so when the function is another one', () => {
    expect(() => fit(trace([]), above + target.replace('2', '3') + below)).toThrow('node bench/traces/generate.mjs');
    expect(() => fit(trace([]), above)).toThrow('half.js no longer has the function');
  });
});

describe('the typist', () => {
  it('types, errs and corrects', () => {
    const typist = new Typist(task());
    for (const event of [type(8), [100, 'wrong', 'x'], [100, 'wrong', 'y']] as const) expect(typist.apply(event)).toBe('text');
    expect(text(typist)).toBe(`${above}functionxy|${below}`);
    expect(typist.rest).toBe('');
    for (let key = 0; key < 3; key++) typist.apply([100, 'back', 1]);
    expect(text(typist)).toBe(`${above}functio|${below}`);
    expect(typist.rest).toBe(target.slice(7));
    typist.apply(type(target.length - 7));
    expect(typist.finished).toBe(true);
    expect(text(typist)).toBe(`${above}${target}|${below}`);
  });

  it('edits another line and comes back', () => {
    const typist = new Typist(task());
    typist.apply(type(8));
    expect(typist.apply([100, 'go', -2])).toBe('cursor');
    typist.apply([100, 'insert', '!']);
    expect(text(typist)).toBe(`const limit = 10;!|\n\nfunction${below}`);
    typist.apply([100, 'return']);
    expect(text(typist)).toBe(`const limit = 10;!\n\nfunction|${below}`);
    typist.apply([100, 'go', 2]);
    typist.apply([100, 'insert', '?']);
    typist.apply([100, 'return']);
    expect(text(typist)).toBe(`const limit = 10;!\n\nfunction|\n\nhalf(limit);?\n`);
  });

  it('takes what is shown if it is right, and types no key of it', () => {
    const typist = new Typist(task());
    typist.apply(type(9));
    expect(typist.apply([100, 'accept'], 'whole')).toBe('nothing');
    expect(typist.apply([100, 'accept'], 'half(value)')).toBe('text');
    const events: TraceEvent[] = [type(1), [100, 'wrong', 'x'], [100, 'back', 1], type(3), [100, 'back', 2], type(2)];
    for (const event of events) expect(typist.apply(event)).toBe('skipped');
    expect(text(typist)).toBe(`${above}function half(value)|${below}`);
    // Its last part is beyond what was taken.
    expect(typist.apply(type(target.length - 13))).toBe('text');
    expect(typist.finished).toBe(true);
  });
});
