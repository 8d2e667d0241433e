import type * as vscode from 'vscode';
import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../src/base/log.ts';
import { MessageView } from '../../../src/host/message-view.ts';
import { chatRequest, type ChatMessage, type ChatRequest } from '../../../src/protocol/webview.ts';

function open(): { send: (raw: unknown) => void; handled: ChatRequest[]; warn: ReturnType<typeof vi.fn>; posted: unknown[] } {
  const handled: ChatRequest[] = [];
  const posted: unknown[] = [];
  const warn = vi.fn();
  let send: (raw: unknown) => void = () => undefined;
  const view = new MessageView<ChatMessage, ChatRequest>({
    page: () => '<html></html>',
    requestSchema: chatRequest,
    onRequest: (request) => handled.push(request),
    logger: { ...silentLogger, warn },
  });
  view.resolveWebviewView({
    viewType: 'ponder.chat',
    onDidDispose: () => ({ dispose: () => undefined }),
    webview: {
      html: '',
      onDidReceiveMessage: (listener: (raw: unknown) => void) => {
        send = listener;
        return { dispose: () => undefined };
      },
      postMessage: (message: unknown) => Promise.resolve(posted.push(message)),
    },
  } as unknown as vscode.WebviewView);
  view.post({ type: 'compose' });
  return { send, handled, warn, posted };
}

describe('what a webview sends', () => {
  it.each([
    { type: 'ready' },
    { type: 'send', text: 'Hi' },
    { type: 'setBudget', tokens: 512 },
    { type: 'errorAction', turnId: 't', action: 'retry' },
  ])('%j is handled', (message) => {
    const { send, handled } = open();
    send(message);
    expect(handled).toEqual([message]);
  });

  it.each([
    undefined,
    'ready',
    42,
    {},
    { type: 'unknown' },
    { type: 'send' },
    { type: 'send', text: 5 },
    { type: 'send', text: 'x', extra: true },
    { type: 'send', text: 'x'.repeat(5 * 1024 * 1024) },
    { type: 'setBudget', tokens: 1e9 },
    { type: 'setThinking', mode: 'always' },
    { type: 'errorAction', turnId: '', action: 'retry' },
    { __proto__: null, type: ['send'], text: 'x' },
  ])('%j is refused and logged, and the next one is handled', (message) => {
    const { send, handled, warn } = open();
    send(message);
    send({ type: 'ready' });
    expect(handled).toEqual([{ type: 'ready' }]);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toMatch(/^bad-message/);
  });

  it('posts to the view', () => expect(open().posted).toEqual([{ type: 'compose' }]));
});
