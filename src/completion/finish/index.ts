/** What happens to a model's text before it becomes ghost text. Read it from top to bottom. */
import type { Hole } from '../hole.ts';
import { cutLoop } from './loop.ts';
import { cutPromptEcho } from './prompt-echo.ts';
import { cutLinesBelow, cutSuffixOverlap } from './suffix-overlap.ts';
import { fixIndentation } from './indentation.ts';
import { replacedAfter } from './auto-closed.ts';
import { trimSpaces } from './spaces.ts';
import { cutUnbalanced } from './unbalanced.ts';
import { withoutEmptiness } from './emptiness.ts';

/** Takes a text and gives what is left of it; an empty one is not shown. Pure. */
export type Step = (text: string, hole: Hole) => string;

const recipe = {
  'prompt-echo': cutPromptEcho,
  'loop': cutLoop,
  'suffix-overlap': cutSuffixOverlap,
  'unbalanced': cutUnbalanced,
  'indentation': fixIndentation,
  'spaces': trimSpaces,
  'emptiness': withoutEmptiness,
} as const satisfies Record<string, Step>;
export type StepName = keyof typeof recipe;

/** Why there is nothing to show: the step that took the last of it, `model` where there was nothing to begin with. */
export type Filtered = StepName | 'model' | 'weak';

export type Finished =
  | {
      readonly text: string;
      /** Units after the cursor, on its line, that the text takes the place of. */
      readonly replaces: number;
    }
  | { readonly filtered: Filtered };

/** Whether whole lines would be cut from the end of a text: then there is no use in more of it. */
export function cutLines(lines: string, hole: Hole): boolean {
  return [cutLoop, cutLinesBelow, cutUnbalanced].some((step) => step(lines, hole).trimEnd().length < lines.trimEnd().length);
}

export function finish(raw: string, hole: Hole): Finished {
  let text = raw.replaceAll('\r\n', '\n');
  if (text.trim() === '') return { filtered: 'model' };
  for (const [name, step] of Object.entries(recipe) as [StepName, Step][]) {
    text = step(text, hole);
    if (text === '') return { filtered: name };
  }
  return { text, replaces: replacedAfter(text, hole) };
}
