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
const widestCut = 56;

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
  const sentence = /^[^\n]*?(?:[.!?:](?=\s|$)|[。！？：])|^[^\n]*(?=\n)/.exec(head)?.[0] ?? '';
  if (sentence.length > 1 && widthOf(sentence) <= longestTitle) {
    const bodyStart = trimmed(text, start + sentence.length, end)[0];
    // A title needs no full stop.
    return { titleEnd: start + sentence.replace(/[.:。：]$/, '').length, brokenOff: false, bodyStart };
  }
  if (widthOf(text.slice(start, Math.min(end, start + longestTitle + 1))) <= longestTitle) return { titleEnd: end, brokenOff: false, bodyStart: end };
  return { titleEnd: start + firstWords(head), brokenOff: true, bodyStart: start };
}

function firstWords(head: string): number {
  let words = 0;
  let width = 0;
  let end = 0;
  for (const char of head) {
    width += widthOf(char);
    if (width > widestCut || (/\s/.test(char) && ++words === shortTitleWords)) break;
    end += char.length;
  }
  // Back to a whole word, where the text has words.
  const space = head.slice(0, end).lastIndexOf(' ');
  return words < shortTitleWords && space > end / 2 && !/\s/.test(head.charAt(end)) ? space : end;
}

/** In Latin letters: a Chinese or Japanese character takes the room of two. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += (char.codePointAt(0) ?? 0) >= 0x2e80 ? 2 : 1;
  return width;
}
