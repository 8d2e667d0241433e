import { createContext } from 'preact';

/** What can be done with a piece of code; given by the view that shows it. */
export interface CodeActions {
  readonly copy: (code: string) => void;
  readonly insert: (code: string) => void;
  readonly newFile: (code: string, language: string) => void;
  /** Proposes it as a change of the file of that path, or of the one in front. */
  readonly apply: (code: string, path: string | undefined) => void;
}

const nothing: CodeActions = { copy: () => undefined, insert: () => undefined, newFile: () => undefined, apply: () => undefined };

export const CodeActions = createContext<CodeActions>(nothing);
