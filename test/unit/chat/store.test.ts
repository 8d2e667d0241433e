import * as fc from 'fast-check';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decode, encode } from '../../../src/chat/conversation-file.ts';
import type { Conversation, Turn } from '../../../src/chat/conversation.ts';
import { findText, fold } from '../../../src/chat/find-text.ts';
import { ConversationStore } from '../../../src/chat/store.ts';
import { text, turns } from './arbitrary-conversation.ts';

let root: string;
let directory: string;
let store: ConversationStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ponder-store-'));
  directory = join(root, 'deep', 'conversations');
  store = new ConversationStore(directory);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const turn = (id: string, change: Partial<Turn> = {}): Turn => ({ id, question: `Q ${id}`, files: [], answer: `A ${id}`, toolCalls: [], status: 'done', ...change });
const talk = (id: string, change: Partial<Conversation> = {}): Conversation => ({ id, title: `Title ${id}`, created: 10, updated: 20, turns: [turn('1'), turn('2'), turn('3')], ...change });
const file = (name: string): string => join(directory, name);
const lines = async (id: string): Promise<string[]> => (await readFile(file(`${id}.jsonl`), 'utf8')).trimEnd().split('\n');

describe('saving and loading', () => {
  it('gives back what was said', async () => {
    await store.save(talk('a'));
    expect(await store.load('a')).toStrictEqual({ conversation: talk('a') });
    expect(await new ConversationStore(directory).load('a')).toStrictEqual({ conversation: talk('a') });
  });

  it('gives back anything', () => {
    fc.assert(
      fc.property(text, turns, (title, said) => {
        const conversation = { id: 'a', title, created: 1, updated: 2.5, turns: said };
        expect(decode(encode(conversation), 'a', 9)).toMatchObject({ sound: true, conversation });
      }),
    );
  });

  it('writes a header and a line per turn', async () => {
    await store.save(talk('a'));
    const [header, ...rest] = (await lines('a')).map((line): unknown => JSON.parse(line));
    expect(header).toEqual({ format: 'ponder-conversation', version: 1, id: 'a', title: 'Title a', created: 10, updated: 20, turns: 3 });
    expect(rest).toEqual(talk('a').turns);
  });

  it.skipIf(process.platform === 'win32')('lets nobody else read', async () => {
    await store.save(talk('a'));
    await chmod(file('a.jsonl'), 0o644);
    await store.save(talk('a'));
    expect((await stat(file('a.jsonl'))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('keeps the last of many saves at once, and nothing else', async () => {
    const saves = Array.from({ length: 20 }, (_, n) => store.save(talk('a', { updated: n, turns: Array.from({ length: 20 - n }, (_, i) => turn(`${i}`)) })));
    await Promise.all(saves);
    expect((await store.load('a')).conversation).toMatchObject({ updated: 19, turns: [turn('0')] });
    expect(await readdir(directory)).toEqual(['a.jsonl']);
  });

  it('rejects where there is nothing', async () => {
    await expect(store.load('a')).rejects.toThrow('ENOENT');
  });

  it.each(['', '..', '../a', 'a/b', 'a\\b', 'a.jsonl', 'a\n', 'ü', 'x'.repeat(65)])('refuses the id %j', async (id) => {
    for (const use of [() => store.load(id), () => store.save(talk(id)), () => store.delete(id), () => store.restore(id)]) {
      await expect(use()).rejects.toMatchObject({ code: 'bad-message' });
    }
  });
});

describe('a damaged file', () => {
  const damage = (kept: number, lost: number): object => ({ damage: { code: 'conversation-damaged', data: { kept, lost } } });

  it('cut in half keeps every whole turn, wherever it was cut', () => {
    const whole = encode(talk('a'));
    const ends = [...whole.keys()].filter((at) => whole[at] === 0x0a);
    const headerEnd = ends[0] ?? 0;
    for (let length = 0; length < whole.length - 1; length += 7) {
      const { conversation, sound, lost } = decode(whole.subarray(0, length), 'a', 5);
      // A line that lacks nothing but its end is whole.
      const kept = ends.filter((end) => end > headerEnd && end <= length).length;
      expect(conversation.turns).toEqual(talk('a').turns.slice(0, kept));
      expect({ sound, lost }).toEqual({ sound: false, lost: length < headerEnd ? 0 : 3 - kept });
    }
  });

  it('is reported, and kept beside before it is overwritten', async () => {
    await store.save(talk('a'));
    await truncate(file('a.jsonl'), (await stat(file('a.jsonl'))).size - 10);
    const damaged = await readFile(file('a.jsonl'));
    const loaded = await store.load('a');
    expect(loaded).toMatchObject({ conversation: { turns: [turn('1'), turn('2')] }, ...damage(2, 1) });
    await store.save(loaded.conversation);
    expect(await readFile(file('a.jsonl.damaged'))).toEqual(damaged);
    expect(await store.load('a')).toStrictEqual({ conversation: loaded.conversation });
    expect(await store.list()).toHaveLength(1);
  });

  it('is kept even when it is saved over without being loaded', async () => {
    await store.save(talk('a'));
    await store.list();
    await writeFile(file('a.jsonl'), 'garbage');
    await store.save(talk('a'));
    expect(await readFile(file('a.jsonl.damaged'), 'utf8')).toBe('garbage');
  });

  it('does not replace one that is kept already', async () => {
    for (const garbage of ['one', 'two', 'two', 'three']) {
      await store.save(talk('a'));
      await writeFile(file('a.jsonl'), garbage);
      await store.load('a');
    }
    const kept = (await readdir(directory)).filter((name) => name !== 'a.jsonl');
    expect(kept.sort()).toEqual(['a.jsonl.damaged', 'a.jsonl.damaged-2', 'a.jsonl.damaged-3']);
    expect(await readFile(file('a.jsonl.damaged-2'), 'utf8')).toBe('two');
  });

  it('with broken lines keeps the others', async () => {
    await store.save(talk('a'));
    const [header, one, , three] = await lines('a');
    await writeFile(file('a.jsonl'), [header, one, '{"id":"2","question":7}', three, ''].join('\n'));
    expect(await store.load('a')).toMatchObject({ conversation: { turns: [turn('1'), turn('3')] }, ...damage(2, 1) });
  });

  it('with a line missing is noticed', async () => {
    await store.save(talk('a'));
    const [header, one] = await lines('a');
    await writeFile(file('a.jsonl'), `${header}\n${one}\n`);
    expect(await store.load('a')).toMatchObject(damage(1, 2));
  });

  it('with bytes that are no text is noticed', async () => {
    await store.save(talk('a'));
    const bytes = await readFile(file('a.jsonl'));
    bytes[bytes.indexOf('A 2')] = 0xff;
    await writeFile(file('a.jsonl'), bytes);
    expect(await store.load('a')).toMatchObject(damage(2, 1));
  });

  it.each([
    ['without a header', (_: string, ...rest: string[]) => rest],
    ['with a broken header', (header: string, ...rest: string[]) => [header.slice(9), ...rest]],
  ])('%s gets one from its turns', async (_, change) => {
    await store.save(talk('a'));
    const [header = '', ...rest] = await lines('a');
    await writeFile(file('a.jsonl'), change(header, ...rest).join('\n'));
    const modified = Math.trunc((await stat(file('a.jsonl'))).mtimeMs);
    const conversation = talk('a', { title: 'Q 1', created: modified, updated: modified });
    expect(await store.load('a')).toMatchObject({ conversation, ...damage(3, 0) });
    expect(await store.list()).toMatchObject([{ id: 'a', title: 'Q 1', turns: 3 }]);
  });

  it('is still read with other line ends, a byte order mark, or no count of turns', async () => {
    await store.save(talk('a'));
    const [header = '', ...rest] = await lines('a');
    await writeFile(file('a.jsonl'), ['\uFEFF' + header.replace(',"turns":3', ''), ...rest].join('\r\n'));
    expect(await store.load('a')).toStrictEqual({ conversation: talk('a') });
    expect(await new ConversationStore(directory).list()).toMatchObject([{ title: 'Title a', turns: 3 }]);
  });
});

describe('a file of a newer Ponder', () => {
  beforeEach(async () => {
    await store.save(talk('a'));
    const [, one] = await lines('a');
    const header = JSON.stringify({ format: 'ponder-conversation', version: 2, title: 'New', mood: 'good' });
    await writeFile(file('a.jsonl'), `${header}\n${one}\n{"kind":"poem"}\n`);
  });

  it('is read as far as it goes', async () => {
    expect(await store.load('a')).toMatchObject({ newer: true, conversation: { title: 'New', turns: [turn('1')] } });
  });

  it('is never overwritten', async () => {
    const written = await readFile(file('a.jsonl'));
    await store.load('a');
    await store.list();
    await expect(store.save(talk('a'))).rejects.toMatchObject({ code: 'conversation-newer', data: { version: 2 } });
    expect(await readFile(file('a.jsonl'))).toEqual(written);
    expect(await readdir(directory)).toEqual(['a.jsonl']);
  });
});

describe('the list', () => {
  it('is empty where nothing was ever saved', async () => {
    expect(await store.list()).toEqual([]);
    expect(await store.search('a')).toEqual([]);
  });

  it('has the latest first, and nothing that is not a conversation', async () => {
    for (const [id, updated] of [['a', 1], ['b', 3], ['c', 2]] as const) await store.save(talk(id, { updated }));
    await writeFile(file('notes.txt'), '');
    await writeFile(file('d.jsonl.123'), '');
    expect(await store.list()).toEqual(['b', 'c', 'a'].map((id) => ({ id, title: `Title ${id}`, created: 10, updated: expect.any(Number) as number, turns: 3 })));
  });

  it('sees what another window has saved', async () => {
    await store.save(talk('a'));
    await store.list();
    await new ConversationStore(directory).save(talk('a', { title: 'Other', turns: [] }));
    expect(await store.list()).toMatchObject([{ title: 'Other', turns: 0 }]);
  });

  it('reads no more than a header', async () => {
    await store.save(talk('a', { title: '題'.repeat(100) }));
    await truncate(file('a.jsonl'), 500);
    expect(await new ConversationStore(directory).list()).toMatchObject([{ title: '題'.repeat(100), turns: 3 }]);
    await store.save(talk('b', { title: 'x'.repeat(10_000), updated: 30 }));
    expect((await new ConversationStore(directory).list())[0]?.title).toHaveLength(10_000);
  });
});

describe('deleting', () => {
  it('can be undone', async () => {
    await store.save(talk('a'));
    await store.save(talk('ab'));
    await store.delete('a');
    expect((await store.list()).map(({ id }) => id)).toEqual(['ab']);
    await expect(store.load('a')).rejects.toThrow();
    expect(await store.restore('a')).toBe(true);
    expect(await store.load('a')).toStrictEqual({ conversation: talk('a') });
  });

  it('takes what was kept of a damaged file along', async () => {
    await store.save(talk('a'));
    await writeFile(file('a.jsonl'), 'garbage');
    await store.save(talk('a'));
    await store.delete('a');
    expect(await readdir(directory)).toEqual(['trash']);
    await store.restore('a');
    expect((await readdir(directory)).sort()).toEqual(['a.jsonl', 'a.jsonl.damaged', 'trash']);
  });

  it('minds what is not there', async () => {
    await store.delete('a');
    expect(await store.restore('a')).toBe(false);
  });

  it('does not bring back an old conversation over a new one', async () => {
    await store.save(talk('a'));
    await store.delete('a');
    await store.save(talk('a', { title: 'New' }));
    expect(await store.restore('a')).toBe(false);
    expect((await store.load('a')).conversation.title).toBe('New');
  });

  it('is for good when the trash is emptied', async () => {
    await store.save(talk('a'));
    await store.delete('a');
    await store.emptyTrash(Date.now() - 60_000);
    expect(await readdir(file('trash'))).toEqual(['a.jsonl']);
    await store.emptyTrash(Date.now() + 60_000);
    expect(await store.restore('a')).toBe(false);
  });
});

describe('the search', () => {
  it('looks at titles, questions and answers, and not at thoughts', async () => {
    const thought = { text: 'secret', tokens: 1, ms: 1, budget: 1, steps: [] };
    await store.save(talk('a', { title: 'On apples', updated: 3 }));
    await store.save(talk('b', { updated: 2, turns: [turn('1'), turn('2', { question: 'one\nWhat of Apples?\nthree' })] }));
    await store.save(talk('c', { updated: 1, turns: [turn('1', { answer: 'An APPLE.', thought })] }));
    const found = await store.search(' apple ');
    expect(found.map(({ id, snippet, turnId }) => [id, snippet, turnId])).toEqual([
      ['a', 'On apples', undefined],
      ['b', 'What of Apples?', '2'],
      ['c', 'An APPLE.', '1'],
    ]);
    expect(found[0]).toMatchObject({ title: 'On apples', updated: 3, turns: 3 });
    expect(await store.search('secret')).toEqual([]);
    expect(await store.search('  ')).toEqual([]);
  });

  it('stops when told to', async () => {
    await store.save(talk('a'));
    await expect(store.search('q', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['resume', 'Mon résumé'],
    ['RÉSUMÉ', 'mon re\u0301sume\u0301'],
    ['strasse', 'Die Straße'],
    ['istanbul', 'İstanbul'],
    ['ΣΟΦΟΣ', 'ο σοφοστής'],
    ['日本', '東京は日本の首都'],
    ['ガ', 'ｶﾞ'],
    ['abc', 'ＡＢＣ'],
    ['한국', '한국어'.normalize('NFD')],
    ['👍', 'ok 👍🏽'],
  ])('finds %j in %j', (query, line) => {
    expect(findText(line, fold(query))).toBe(line);
  });

  it.each([
    ['か', 'が'],
    ['가', '각'],
    ['a b', 'a\nb'],
  ])('does not find %j in %j', (query, line) => {
    expect(findText(line, fold(query))).toBeUndefined();
  });

  it('cuts long lines around the match, and no character in two', () => {
    const family = '👨‍👩‍👧';
    const snippet = findText(`${family.repeat(50)}é needle é${family.repeat(50)}`, 'needle');
    expect(snippet).toMatch(/^…(?:👨‍👩‍👧)+é needle é(?:👨‍👩‍👧)+…$/u);
    expect(snippet?.length).toBeLessThan(150);
  });

  it('shows what was searched for', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(20), (whole, at, length) => {
        const query = fold(whole.slice(at % (whole.length + 1)).slice(0, length).split(/[\r\n]/)[0]?.trim() ?? '');
        const snippet = query && findText(whole, query);
        if (snippet) expect(fold(snippet)).toContain(query.trim());
      }),
    );
  });
});
