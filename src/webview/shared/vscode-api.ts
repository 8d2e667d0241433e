/** The door to the extension host: messages out, messages in, and a little state that survives a reload. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Message, Request> {
  send(request: Request): void;
  listen(listener: (message: Message) => void): void;
  load(): unknown;
  save(state: unknown): void;
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
        if (isMessage<Message>(event.data)) listener(event.data);
      });
    },
    load: () => api.getState(),
    save: (state) => {
      api.setState(state);
    },
  };
}

/** Only the host can post here, so its messages are told apart by their type alone. */
function isMessage<Message extends { readonly type: string }>(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}
