/** Requests go the way that VS Code's settings say. */
import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { get } from '../../src/models/download/get.ts';

describe('a request to a hub', () => {
  let proxy: Server;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    proxy = createServer().on('connect', ({ url = '' }, socket) => {
      asked.push(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await setProxy(undefined);
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('goes through the proxy of VS Code’s settings, and around it where there is none', async () => {
    // There is no such hub; a proxy's refusal may come as an answer.
    const request = (): Promise<unknown> =>
      get('https://hub.invalid/model.gguf', { headers: {}, signal: AbortSignal.timeout(10_000), patience: 10_000 }).then((response) => response.destroy(), () => undefined);
    await setProxy(`http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`);
    await request();
    assert.deepEqual(asked, ['hub.invalid:443']);
    await setProxy(undefined);
    await request();
    assert.equal(asked.length, 1);
  });
});

async function setProxy(url: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('http').update('proxy', url, vscode.ConfigurationTarget.Global);
}
