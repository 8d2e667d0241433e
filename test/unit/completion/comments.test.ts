import { describe, expect, it } from 'vitest';
import { asComment, endsInComment, isCommentary } from '../../../src/completion/comments.ts';

describe('a line as a comment', () => {
  it.each([
    ['typescript', '// File: a.ts'],
    ['python', '# File: a.ts'],
    ['sql', '-- File: a.ts'],
    ['html', '<!-- File: a.ts -->'],
    ['css', '/* File: a.ts */'],
    ['php', '// File: a.ts'],
    ['no-such-language', '// File: a.ts'],
  ])('%s', (language, comment) => expect(asComment('File: a.ts', language)).toBe(comment));

  it('has no space at its end', () => {
    expect(asComment('', 'go')).toBe('//');
    expect(asComment('', 'html')).toBe('<!-- -->');
  });
});

describe('comments and nothing else', () => {
  it.each([
    ['typescript', '// a\n\n  // b\n'],
    ['typescript', '/* a\n b\n*/\n// c'],
    ['typescript', '/** begun'],
    ['python', '# a\n    # b'],
    ['html', '<!-- a\n b -->\n'],
    ['css', '/* a */'],
    ['php', '# a\n// b\n/* c */'],
    ['lua', '-- a'],
    ['yaml', '# a'],
  ])('%s %j', (language, text) => expect(isCommentary(text, language)).toBe(true));

  it.each([
    ['typescript', '// a\nb();'],
    ['typescript', '/* a */ b();'],
    ['javascript', '/** @type {number} */ let a = 1;'],
    ['c', '*p = 1;'],
    ['css', '* { margin: 0; }'],
    ['html', '<!-- hero --><h1>Hi</h1>'],
    ['python', 'a = 1  # note'],
    ['python', '// no comment here'],
    ['shellscript', '#!/bin/bash'],
    ['markdown', '# A heading'],
    ['no-such-language', '// who knows'],
  ])('not %s %j', (language, text) => expect(isCommentary(text, language)).toBe(false));
});

describe('a comment that is open', () => {
  it.each([
    ['typescript', '/**\n * Adds.\n ', true],
    ['typescript', '/* a */\n', false],
    ['typescript', 'a();\n', false],
    ['html', '<p>\n<!-- a', true],
    ['python', '# a', false],
  ] as const)('%s %j', (language, text, open) => expect(endsInComment(text, language)).toBe(open));
});
