/** What an action is about: lines of a document as they stood when it was chosen. Pure. */
import type { Lines } from './lines.ts';

export interface Target {
  /** As text. */
  readonly uri: string;
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  /** VS Code's: "typescript". */
  readonly languageId: string;
  /** Of the whole document, without their ends. */
  readonly lines: Lines;
  /** First line that is meant, from 0. */
  readonly start: number;
  /** Behind the last line that is meant; at least `start`. */
  readonly end: number;
  /** What the lines are called where nobody selected them: "function total". */
  readonly symbol?: string;
}
