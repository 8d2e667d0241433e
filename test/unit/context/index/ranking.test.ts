import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Indexer } from '../../../../src/context/index/indexer.ts';
import { readQuestion } from '../../../../src/context/index/question.ts';
import { found, rankedFiles, shop, Workspace } from './workspace.ts';

describe('a question', () => {
  const workspace = new Workspace(shop);
  let indexer: Indexer;
  beforeAll(async () => (indexer = await workspace.index()));
  afterAll(() => workspace.dispose());

  it.each([
    ['How is an order cancelled?', 'src/orders/cancel.ts'],
    ['Where is the refund of an invoice computed?', 'src/payments/refund.ts'],
    ['What does LruCache do?', 'src/cache/lru.ts'],
    ['What does `evict_oldest` do', 'src/cache/disk.py'],
    ['which tests cover the LruCache', 'test/cache/lru.test.ts'],
    ['when are requests retried?', 'src/http/client.go'],
    ['Explain the rate limiting', 'src/http/RateLimiter.java'],
    ['how do we deploy this', 'docs/deploy.md'],
    ['look at amount.ts please', 'src/payments/amount.ts'],
    ['TaxTable', 'src/payments/amount.ts'],
    ['订单是怎么取消的?', 'src/orders/cancel.ts'],
    ['退款在哪里计算', 'src/payments/refund.ts'],
    ['用户如何登录?', 'src/login/session.rs'],
    ['过期的条目保留多久', 'docs/缓存.md'],
    ['RetryRequest 在什么时候重试?', 'src/http/client.go'],
  ])('"%s" finds %s first', async (question, path) => {
    expect((await found(indexer, question))[0]).toBe(path);
  });

  it('says why each file is there', async () => {
    const files = await rankedFiles(indexer, 'Where does LruCache evict?', { open: ['test/cache/lru.test.ts'], recent: ['src/cache/disk.py'] });
    const why = (path: string): unknown => files.find((file) => file.path === path)?.why;
    expect(files[0]?.path).toBe('src/cache/lru.ts');
    expect(why('src/cache/lru.ts')).toEqual([
      { kind: 'names', symbol: 'LruCache' },
      { kind: 'imported', by: 'test/cache/lru.test.ts' },
      { kind: 'words', words: ['LruCache', 'evict'] },
    ]);
    expect(why('test/cache/lru.test.ts')).toEqual([{ kind: 'open' }, { kind: 'words', words: ['LruCache', 'evict'] }]);
    expect(why('src/cache/disk.py')).toEqual([{ kind: 'recent' }, { kind: 'words', words: ['LruCache', 'evict'] }]);
  });

  it('is answered by what is open or edited of late before its equals', async () => {
    const [plain = ''] = (await found(indexer, 'oldest cache value')).filter((path) => path.startsWith('src/'));
    const other = plain === 'src/cache/lru.ts' ? 'src/cache/disk.py' : 'src/cache/lru.ts';
    expect((await found(indexer, 'evict', { open: [other] }))[0]).toBe(other);
    expect((await found(indexer, 'evict', { recent: [plain] }))[0]).toBe(plain);
  });

  it('without a word to look for is answered by what is open and what that imports', async () => {
    expect(await found(indexer, 'What does this do?', { open: ['src/orders/cancel.ts'], recent: ['docs/deploy.md'] })).toEqual(['src/orders/cancel.ts', 'src/payments/refund.ts', 'docs/deploy.md']);
    expect(await found(indexer, 'What does this do?')).toEqual([]);
    expect(await found(indexer, '')).toEqual([]);
  });

  it('is read for identifiers, paths and words', () => {
    const { concepts, names, paths } = readQuestion("Why doesn't `parse` in src\\a.ts call getUser or load_all?");
    expect(concepts.map(({ word }) => word)).toEqual(['parse', 'src', 'ts', 'call', 'getUser', 'load_all']);
    expect(names).toEqual(expect.arrayContaining(['parse', 'getUser', 'load_all']));
    expect(paths).toEqual(['src/a.ts']);
  });

  it('of any length is read', () => {
    expect(readQuestion('word '.repeat(100_000)).concepts).toHaveLength(1);
    expect(readQuestion(Array.from({ length: 500 }, (_, index) => `word${'x'.repeat(index % 20)}${String(index)}`).join(' ')).concepts).toHaveLength(30);
  });
});
