import { describe, expect, it } from 'vitest';
import { findCommands, readSlash, uniqueNames } from '../../../src/actions/slash.ts';

describe('a text that begins with a slash', () => {
  it.each([
    ['/fix', { name: 'fix', argument: '' }],
    ['/fix  the loop ', { name: 'fix', argument: 'the loop' }],
    ['/refactor\nin two\nlines', { name: 'refactor', argument: 'in two\nlines' }],
    ['/检查 这里', { name: '检查', argument: '这里' }],
  ])('%j is a command', (text, read) => expect(readSlash(text)).toEqual(read));

  it.each(['/usr/bin is full', '/usr/', '/', '//', '/ fix', 'fix', ' /fix', '/a/b'])('%j is none', (text) => expect(readSlash(text)).toBeUndefined());
});

describe('commands by what is typed', () => {
  const commands = ['explain', 'refactor', 'fix', 'prefix'].map((name) => ({ name, description: '' }));
  const names = (query: string): string[] => findCommands(commands, query).map(({ name }) => name);

  it('are all there for nothing, in their order', () => expect(names('')).toEqual(['explain', 'refactor', 'fix', 'prefix']));
  it('come first where the name begins with it', () => expect(names('fix')).toEqual(['fix', 'prefix']));
  it('are found letter by letter, whatever their case', () => expect(findCommands(commands, 'RFT')).toEqual([{ name: 'refactor', description: '', matches: [0, 2, 5] }]));
  it('say where they match', () => expect(findCommands(commands, 'fix').map(({ matches }) => matches)).toEqual([[0, 1, 2], [3, 4, 5]]));
  it('are none for what no name has', () => expect(names('xyz')).toEqual([]));
});

describe('names that are taken', () => {
  it('get a number', () => {
    expect(uniqueNames(['fix'], [{ name: 'fix' }, { name: 'fix' }, { name: 'new' }]).map(({ name }) => name)).toEqual(['fix-2', 'fix-3', 'new']);
  });
});
