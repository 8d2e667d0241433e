/** What the composer asks of the context. */
import type { ComposerContext } from '../../context/vscode/composer-context.ts';
import type { ChatMessage, ChatRequest } from '../../protocol/webview.ts';

const types = ['mention', 'addContext', 'removeContext', 'openContext', 'dropContext', 'removePick', 'pinPick'] as const;
export type ContextRequest = Extract<ChatRequest, { readonly type: (typeof types)[number] }>;

export function isContextRequest(request: ChatRequest): request is ContextRequest {
  return (types as readonly string[]).includes(request.type);
}

/**
 * @param tokensLeft room in the window, where it is known
 * @returns a message for the view, where it waits for one
 */
export async function onContextRequest(composer: ComposerContext, request: ContextRequest, tokensLeft: number | undefined): Promise<ChatMessage | undefined> {
  switch (request.type) {
    case 'mention':
      return { type: 'mentions', query: request.query, groups: await composer.mention(request.query), ...(tokensLeft === undefined ? {} : { tokensLeft }) };
    case 'addContext':
      await composer.add(request.id);
      return undefined;
    case 'removeContext':
      composer.remove(request.id);
      return undefined;
    case 'openContext':
      await composer.open(request.id);
      return undefined;
    case 'dropContext':
      await composer.drop(request.uris);
      return undefined;
    case 'removePick':
      composer.removePick(request.id);
      return undefined;
    case 'pinPick':
      await composer.pinPick(request.id);
      return undefined;
  }
}
