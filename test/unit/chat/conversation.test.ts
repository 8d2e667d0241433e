import { describe, expect, it } from 'vitest';
import { before, newConversation, titleFrom, turnSchema, withTurn, type Turn } from '../../../src/chat/conversation.ts';
import * as v from 'valibot';

const turn = (id: string, question = `Question ${id}`): Turn => ({ id, question, files: [], answer: '', toolCalls: [], status: 'done' });
const empty = newConversation('c', 100);
const three = ['a', 'b', 'c'].reduce((conversation, id) => withTurn(conversation, turn(id), 200), empty);

describe('a conversation', () => {
  it('begins empty', () => {
    expect(empty).toEqual({ id: 'c', title: '', created: 100, updated: 100, turns: [] });
  });

  it('takes turns in order, and its title from the first', () => {
    expect(three.turns.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(three).toMatchObject({ title: 'Question a', created: 100, updated: 200 });
  });

  it('replaces a turn in its place', () => {
    const changed = withTurn(three, { ...turn('b'), answer: 'Yes' }, 300);
    expect(changed.turns.map(({ answer }) => answer)).toEqual(['', 'Yes', '']);
    expect(changed.updated).toBe(300);
  });

  it('keeps a title that it has', () => {
    expect(withTurn({ ...empty, title: 'Mine' }, turn('a'), 200).title).toBe('Mine');
  });

  it('is left as it was by a change', () => {
    withTurn(three, turn('d'), 300);
    expect(three.turns).toHaveLength(3);
  });

  it('goes back to before a turn', () => {
    expect(before(three, 'b').turns.map(({ id }) => id)).toEqual(['a']);
    expect(before(three, 'a').turns).toEqual([]);
    expect(before(three, 'unknown')).toBe(three);
  });
});

describe('a title', () => {
  it.each([
    ['How?', 'How?'],
    ['  \n How?  \n\nLike this:', 'How?'],
    ['', ''],
    ['   ', ''],
    ['日本語', '日本語'],
    ['x'.repeat(60), 'x'.repeat(60)],
    ['👍'.repeat(60), '👍'.repeat(60)],
    [`${'word '.repeat(11)}and then some more`, `${'word '.repeat(11)}and…`],
  ])('of %j', (question, title) => {
    expect(titleFrom(question)).toBe(title);
  });
});

describe('a turn', () => {
  it('is taken with no more than it needs, and without what is unknown', () => {
    expect(v.parse(turnSchema, { ...turn('a'), mood: 'good' })).toStrictEqual(turn('a'));
  });

  it.each([
    ['no question', { question: undefined }],
    ['an unknown status', { status: 'running' }],
    ['an unknown error code', { error: { code: 'bad-luck', message: '', data: {} } }],
    ['negative numbers', { stats: { tokens: -1, tokensPerSecond: 1, firstTokenMs: 1, model: '' } }],
    ['a file without a path', { files: [{ content: '' }] }],
  ])('is not taken with %s', (_, change) => {
    expect(v.is(turnSchema, { ...turn('a'), ...change })).toBe(false);
  });
});
