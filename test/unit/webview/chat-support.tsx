/** Shows the chat view in a page and gathers what it sends. */
import { render } from 'preact';
import { afterEach, beforeEach } from 'vitest';
import type { ChatMessage, ChatRequest, ChatState, TurnState } from '../../../src/protocol/webview.ts';
import { App } from '../../../src/webview/chat/app.tsx';
import { initialView, reduce } from '../../../src/webview/chat/reduce.ts';
import type { ChatView } from '../../../src/webview/chat/reduce.ts';

let page: HTMLElement;
let view: ChatView;
let requests: ChatRequest[];
let draft: string;

export const root = (): HTMLElement => page;
/** All that was sent, without the drafts. */
export const sent = (): readonly ChatRequest[] => requests;
/** The draft as the host was last told of it. */
export const drafted = (): string => draft;

const send = (request: ChatRequest): void => {
  if (request.type === 'draft') draft = request.text;
  else requests.push(request);
};

export async function show(...messages: ChatMessage[]): Promise<void> {
  view = messages.reduce(reduce, view);
  render(<App view={view} send={send} />, page);
  await settle();
}

/** Preact runs effects after the next frame, or 35 ms later at most. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

export function state(changes: Partial<ChatState> = {}): ChatMessage {
  const model = { name: 'Qwen3-4B', quantisation: 'Q4_K_M', thinking: 'hybrid', placement: 'CPU', contextSize: 32_768, demo: false } as const;
  return {
    type: 'state',
    state: {
      conversationId: 'c',
      title: '',
      turns: [],
      engine: { kind: 'ready', model },
      thinking: { mode: 'auto', budget: 4096 },
      context: { chips: [], offers: [], leftOut: [] },
      starters: [{ icon: 'beaker', text: 'Write tests' }],
      ...changes,
    },
  };
}

export function turn(changes: Partial<TurnState> = {}): TurnState {
  return { id: 't', question: 'Why?', files: [], status: 'done', answer: 'Because.', toolCalls: [], ...changes };
}

export function find(selector: string): HTMLElement {
  const element = page.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`There is no ${selector}.`);
  return element;
}

export const textArea = (name: string): HTMLTextAreaElement => find(`textarea[aria-label="${name}"]`) as HTMLTextAreaElement;
export const input = (selector: string): HTMLInputElement => find(`input${selector}`) as HTMLInputElement;
export const composer = (): HTMLTextAreaElement => textArea('Question');

/** Puts a text into a field, the caret at its end. */
export async function type(field: HTMLTextAreaElement, text: string, init: InputEventInit = {}): Promise<void> {
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new InputEvent('input', { bubbles: true, ...init }));
  await settle();
}

export async function press(element: HTMLElement, key: string, init: KeyboardEventInit = {}): Promise<void> {
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
  await settle();
}

beforeEach(() => {
  page = document.createElement('div');
  document.body.append(page);
  view = initialView;
  requests = [];
  draft = '';
});

afterEach(() => {
  render(null, page);
  page.remove();
});
