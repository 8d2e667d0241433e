import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf, Splitter, stem, wordsOf } from '../../../../src/context/index/terms.ts';

const termsOf = (text: string): string[] => [...new Splitter().count(text, 1000).keys()];

describe('terms', () => {
  it('are the parts of identifiers and these as a whole', () => {
    expect(partsOf('parseHTTPHeader2')).toEqual(['parse', 'HTTP', 'Header', '2']);
    expect(termsOf('getUserName')).toEqual(['get', 'user', 'nam', 'getusername']);
    expect(termsOf('_load_config')).toEqual(['load', 'config', 'load_config']);
    expect(termsOf('MAX_VALUE utf8')).toEqual(['max', 'valu', 'max_value', 'utf', 'utf8']);
  });

  it('are pairs of characters in CJK scripts, also beside others', () => {
    expect(termsOf('数据库')).toEqual(['数据', '据库']);
    expect(termsOf('用foo键')).toEqual(['用', 'foo', '键']);
    expect(termsOf('naïve，缓存。')).toEqual(['naïve', '缓存']);
  });

  it('are the same for the forms of a word', () => {
    for (const forms of ['cancel cancels cancelled cancelling cancellation', 'complete completes completed completion completions', 'cache caches cached caching', 'query queries', 'class classes', 'validate validator validation', 'parse parser parsing parses', 'file files', 'stop stopped stopping']) {
      expect([forms, new Set(forms.split(' ').map(stem)).size]).toEqual([forms, 1]);
    }
    expect(new Set('string status process cart card user order'.split(' ').map(stem)).size).toBe(7);
  });

  it('say how often they stand there, and are no more than asked for', () => {
    expect(new Splitter().count('order orders orderId', 100)).toEqual(new Map([['ord', 3], ['id', 1], ['orderid', 1]]));
    expect(new Splitter().count('a1 bb cc dd ee ff', 3).size).toBe(3);
  });

  it('leave out what says nothing, but not names that contain it', () => {
    expect([...new Splitter(new Set(['return', 'the'])).count('return the returnValue', 100).keys()]).toEqual(['valu', 'returnvalue']);
  });

  it('come of any text, without loss of a word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = wordsOf(text);
        expect(words.every((word) => text.includes(word.text))).toBe(true);
        const letters = (all: string): string => (all.match(/[\p{L}\p{N}]/gu) ?? []).join('');
        expect(letters(words.map((word) => word.text).join(''))).toBe(letters(text));
        for (const term of termsOf(text)) expect(term).not.toBe('');
      }),
    );
  });
});
