import { describe, expect, it } from 'vitest';
import { letGo } from '../../../../src/models/download/let-go.ts';

/** As a socket delivers it: a piece of memory of its own. */
const delivered = (text: string): Buffer => Buffer.from(new TextEncoder().encode(text).buffer);

describe('the memory of a chunk', () => {
  it('is freed with the last chunk of a delivery', () => {
    const delivery = delivered('head and body');
    const body = delivery.subarray(9);
    letGo(body);
    expect([body.length, delivery.length]).toEqual([0, 0]);
  });

  it('stays while more of the delivery is to come', () => {
    const delivery = delivered('first, second');
    letGo(delivery.subarray(0, 5));
    expect(delivery.toString()).toBe('first, second');
  });

  it('stays where Node shares it among small buffers', () => {
    const [one, other] = [Buffer.from('one'), Buffer.from('other')];
    // The last of a piece that is full, wherever in it they are.
    letGo(Buffer.from(one.buffer, one.buffer.byteLength - 1, 1));
    expect([one.toString(), other.toString()]).toEqual(['one', 'other']);
  });

  it('may be freed already', () => {
    const chunk = delivered('gone');
    letGo(chunk);
    expect(() => letGo(chunk)).not.toThrow();
  });
});
