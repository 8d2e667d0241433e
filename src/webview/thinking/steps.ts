/** A thought's paragraphs as steps: a title each, its text, and how long it took. */
import type { ThoughtState } from '../../protocol/webview.ts';

/** Offsets are into the thought's text. */
export interface Step {
  readonly start: number;
  readonly end: number;
  /** The title is the text from `start` to here, with an ellipsis when it breaks off. */
  readonly titleEnd: number;
  /** True when the title breaks off, and the body therefore starts at the beginning again. */
  readonly brokenOff: boolean;
  /** Where the body starts; equal to `end` when the title says all. */
  readonly bodyStart: number;
  /** Absent for the step that goes on. */
  readonly ms: number | undefined;
}

const longestTitle = 72;
const shortTitleWords = 8;

export function stepsOf(thought: Pick<ThoughtState, 'text' | 'steps' | 'ms' | 'status'>): Step[] {
  const { text, status } = thought;
  const starts = thought.steps.filter((step) => step.start < text.length);
  const marks = starts.length === 0 || (starts[0]?.start ?? 0) > 0 ? [{ start: 0, ms: 0 }, ...starts] : starts;
  return marks.flatMap((mark, index) => {
    const next = marks[index + 1];
    const [start, end] = trimmed(text, mark.start, next?.start ?? text.length);
    if (start >= end) return [];
    const goesOn = next === undefined && status === 'streaming';
    const ms = goesOn ? undefined : Math.max(0, (next?.ms ?? thought.ms) - mark.ms);
    return [{ start, end, ms, ...titleOf(text, start, end) }];
  });
}

function trimmed(text: string, from: number, to: number): [number, number] {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text.charAt(start))) start += 1;
  while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return [start, end];
}

/** The first sentence when it is short, else the first words. */
function titleOf(text: string, start: number, end: number): Pick<Step, 'titleEnd' | 'brokenOff' | 'bodyStart'> {
  const head = text.slice(start, Math.min(end, start + longestTitle + 2));
  const sentence = /^[^\n]*?(?:[.!?:](?=\s)|[。！？：])|^[^\n]*(?=\n)/.exec(head)?.[0] ?? '';
  if (sentence.length > 1 && sentence.length <= longestTitle) {
    const titleEnd = start + sentence.length;
    return { titleEnd, brokenOff: false, bodyStart: trimmed(text, titleEnd, end)[0] };
  }
  if (end - start <= longestTitle) return { titleEnd: end, brokenOff: false, bodyStart: end };
  return { titleEnd: start + firstWords(head), brokenOff: true, bodyStart: start };
}

function firstWords(head: string): number {
  let words = 0;
  for (const match of head.matchAll(/\s+/g)) {
    words += 1;
    if (words === shortTitleWords) return Math.min(match.index, longestTitle);
  }
  // Few spaces, as in Chinese: as much as fits; never half of a surrogate pair.
  const cut = Math.min(head.length, 40);
  return /[\uD800-\uDBFF]/.test(head.charAt(cut - 1)) ? cut - 1 : cut;
}
