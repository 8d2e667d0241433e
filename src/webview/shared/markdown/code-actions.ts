import { createContext } from 'preact';

/** What can be done with a piece of code; given by the view that shows it. */
export interface CodeActions {
  copy(code: string): void;
  insert(code: string): void;
  newFile(code: string, language: string): void;
}

const nothing: CodeActions = { copy: () => undefined, insert: () => undefined, newFile: () => undefined };

export const CodeActions = createContext<CodeActions>(nothing);
