import { PassThrough } from 'node:stream';
import * as v from 'valibot';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import { describe, expect, it, vi } from 'vitest';
import { PonderError } from '../../../src/base/errors.ts';
import { RpcClient, serve, type Handlers } from '../../../src/protocol/rpc.ts';

const contract = {
  add: { params: v.strictObject({ a: v.number(), b: v.number() }), result: v.number() },
  count: { params: v.strictObject({ to: v.number() }), result: v.strictObject({}), event: v.number() },
  wait: { params: v.strictObject({}), result: v.strictObject({}) },
} as const;

function pair(handlers: Partial<Handlers<typeof contract>>): { client: RpcClient<typeof contract>; close: () => void; logged: string[] } {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const logged: string[] = [];
  const server = createMessageConnection(up, down);
  const log = serve(server, contract, {
    add: ({ a, b }) => Promise.resolve(a + b),
    count: () => Promise.resolve({}),
    wait: () => Promise.resolve({}),
    ...handlers,
  });
  const connection = createMessageConnection(down, up);
  const client = new RpcClient(connection, contract, (_, message) => logged.push(message));
  log('info', 'hello');
  return { client, close: () => connection.dispose(), logged };
}

describe('rpc', () => {
  it('calls and logs', async () => {
    const { client, logged } = pair({});
    await expect(client.call('add', { a: 2, b: 3 })).resolves.toBe(5);
    expect(logged).toEqual(['hello']);
  });

  it('streams events in order before the result', async () => {
    const { client } = pair({
      count: ({ to }, { emit }) => {
        for (let i = 1; i <= to; i++) emit(i);
        return Promise.resolve({});
      },
    });
    const seen: number[] = [];
    await client.call('count', { to: 3 }, { onEvent: (event) => seen.push(event) });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('aborts what is under way when the caller has gone, and says nothing into the void', async () => {
    const [up, down] = [new PassThrough(), new PassThrough()];
    const server = createMessageConnection(up, down);
    const aborted = new Promise<void>((resolve) => {
      const log = serve(server, contract, {
        add: () => Promise.resolve(0),
        count: async (_, { emit, signal }) => {
          await new Promise<void>((gone) => signal.addEventListener('abort', () => gone()));
          emit(1);
          log('info', 'too late');
          resolve();
          return {};
        },
        wait: () => Promise.resolve({}),
      });
    });
    const client = new RpcClient(createMessageConnection(down, up), contract);
    void client.call('count', { to: 1 }, { onEvent: () => undefined }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    up.destroy();
    await aborted;
  });

  it('carries a cancellation to the other side', async () => {
    const aborted = vi.fn();
    const { client } = pair({
      wait: (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            aborted();
            reject(new DOMException('Cancelled', 'AbortError'));
          }),
        ),
    });
    const aborter = new AbortController();
    const call = client.call('wait', {}, { signal: aborter.signal });
    setTimeout(() => aborter.abort(), 10);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(aborted).toHaveBeenCalledOnce();
  });

  it('keeps code and data of an error', async () => {
    const { client } = pair({ wait: () => Promise.reject(new PonderError('prompt-too-long', 'Too long.', { tokens: 9 })) });
    await expect(client.call('wait', {})).rejects.toMatchObject({ code: 'prompt-too-long', message: 'Too long.', data: { tokens: 9 } });
  });

  it('refuses parameters and results that fit no type', async () => {
    const { client } = pair({ add: () => Promise.resolve('five' as unknown as number) });
    await expect(client.call('add', { a: 'x' } as unknown as { a: number; b: number })).rejects.toMatchObject({ code: 'bad-message' });
    await expect(client.call('add', { a: 1, b: 2 })).rejects.toMatchObject({ code: 'bad-message' });
  });

  it('rejects what is under way when the connection goes', async () => {
    const { client, close } = pair({ wait: () => new Promise(() => undefined) });
    const call = client.call('wait', {});
    setTimeout(close, 10);
    await expect(call).rejects.toBeInstanceOf(PonderError);
  });
});
