/** The door to the extension host: messages out, and messages in. */
interface VsCodeApi {
  postMessage(message: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Message, Request> {
  readonly send: (request: Request) => void;
  readonly listen: (listener: (message: Message) => void) => void;
}

/** May be called once in a page's life: VS Code hands its API out a single time. */
export function connect<Message extends { readonly type: string }, Request>(): Host<Message, Request> {
  const api = acquireVsCodeApi();
  return {
    send: (request) => {
      api.postMessage(request);
    },
    listen: (listener) => {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (isMessage(event.data)) listener(event.data as Message);
      });
    },
  };
}

/** Only the host can post here, so its messages are told apart by their type alone. */
function isMessage(data: unknown): data is { readonly type: string } {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}
