/** A small made workspace whose files are about different things. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Indexer } from '../../../../src/context/index/indexer.ts';
import type { TableLimits } from '../../../../src/context/index/file-table.ts';

export const folder = 'file:///made';
export const never = new AbortController().signal;

export class Workspace {
  readonly root = mkdtempSync(path.join(tmpdir(), 'ponder-index-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  write(file: string, text: string | Buffer): void {
    const target = path.join(this.root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  remove(file: string): void {
    rmSync(path.join(this.root, file), { recursive: true, force: true });
  }

  /** Built already. */
  async index(options: { readonly exclude?: readonly string[]; readonly limits?: TableLimits } = {}): Promise<Indexer> {
    const indexer = new Indexer({ now: () => 0, ...(options.limits ? { limits: options.limits } : {}) });
    await indexer.configure([{ id: folder, name: '', root: this.root, exclude: [...(options.exclude ?? [])] }], false);
    await indexer.build(never, () => undefined);
    return indexer;
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The paths of what is found, best first. */
export async function found(indexer: Indexer, question: string, options: { readonly open?: readonly string[]; readonly recent?: readonly string[] } = {}): Promise<string[]> {
  return (await rankedFiles(indexer, question, options)).map(({ path: file }) => file);
}

export function rankedFiles(indexer: Indexer, question: string, { open = [], recent = [] }: { readonly open?: readonly string[]; readonly recent?: readonly string[] } = {}): ReturnType<Indexer['search']> {
  const places = (files: readonly string[]): { folder: string; path: string }[] => files.map((file) => ({ folder, path: file }));
  return indexer.search(question, { limit: 100, open: places(open), recent: places(recent) }, never);
}

/** All that can be found by its path. */
export function listed(indexer: Indexer): string[] {
  return indexer
    .paths('', 1000)
    .filter(({ kind }) => kind === 'file')
    .map(({ path: file }) => file)
    .sort();
}

export const shop: Readonly<Record<string, string>> = {
  'src/orders/cancel.ts': "import { refund } from '../payments/refund.ts';\n\n/** Cancels an order and gives the money back. */\nexport async function cancelOrder(id: string): Promise<void> {\n  await refund(id);\n}\n",
  'src/payments/refund.ts': '/** Computes how much of an invoice goes back to the customer. */\nexport async function refund(id: string): Promise<number> {\n  return amountOf(id);\n}\n',
  'src/payments/amount.ts': "export function amountOf(id: string): number {\n  return 1;\n}\nexport class TaxTable {\n  rate = 3;\n}\n",
  'src/cache/lru.ts': '/** Keeps the values used last; the oldest one leaves when it is full. */\nexport class LruCache {\n  evict(): void {\n  }\n}\n',
  'src/cache/disk.py': '"""A cache on disk."""\n\nclass DiskCache:\n    def evict_oldest(self):\n        pass\n',
  'src/http/client.go': 'package http\n\n// Client sends requests and retries when the server is busy.\nfunc RetryRequest(url string) error {\n\treturn nil\n}\n',
  'src/http/RateLimiter.java': 'public class RateLimiter {\n    /** Whether one more request may pass. */\n    public boolean allow(String client) {\n        return true;\n    }\n}\n',
  'test/cache/lru.test.ts': "import { LruCache } from '../../src/cache/lru.ts';\nit('evicts', () => new LruCache().evict());\nit('evicts the oldest LruCache entry of the cache', () => {});\n",
  'docs/deploy.md': '# Deployment\n\nHow to deploy the server: build the image, push it, restart.\n',
  'docs/缓存.md': '# 缓存说明\n\n过期的条目会被淘汰,磁盘上的数据保留七天。\n',
  'src/login/session.rs': '/// Signs a user in and makes a session token.\npub fn sign_in(user: &str) -> Token {\n    Token::new(user)\n}\n',
};
