import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ChatRequest } from '../../protocol/webview.ts';

export type Send = (request: ChatRequest) => void;

/** The way to the host, for every part of the view. */
export const SendContext = createContext<Send>(() => undefined);

export function useSend(): Send {
  return useContext(SendContext);
}
