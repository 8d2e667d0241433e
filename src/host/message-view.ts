/** A webview view that speaks in typed messages. */
import type * as vscode from 'vscode';
import * as v from 'valibot';
import type { Logger } from '../base/log.ts';

export interface MessageViewOptions<Request> {
  readonly page: (webview: vscode.Webview) => string;
  readonly requestSchema: v.GenericSchema<unknown, Request>;
  readonly onRequest: (request: Request) => void;
  readonly onVisible?: () => void;
  readonly logger: Logger;
}

export class MessageView<Message, Request> implements vscode.WebviewViewProvider {
  #view: vscode.WebviewView | undefined;

  constructor(private readonly options: MessageViewOptions<Request>) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    const { page, requestSchema, onRequest, logger } = this.options;
    this.#view = view;
    view.webview.onDidReceiveMessage((raw: unknown) => {
      const parsed = v.safeParse(requestSchema, raw);
      if (parsed.success) onRequest(parsed.output);
      else logger.warn(`bad-message from ${view.viewType}: ${v.summarize(parsed.issues)}`);
    });
    view.onDidDispose(() => {
      if (this.#view === view) this.#view = undefined;
    });
    view.webview.html = page(view.webview);
  }

  /** Lost while the view is closed; it asks for everything when it opens. */
  post(message: Message): void {
    void this.#view?.webview.postMessage(message);
  }

  get visible(): boolean {
    return this.#view?.visible ?? false;
  }

  /** Text beside the view's title. */
  describe(text: string): void {
    if (this.#view && this.#view.description !== text) this.#view.description = text;
  }
}
