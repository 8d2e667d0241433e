import { partsOf, type BlockKind } from './transcript-lines.ts';

/** Lines that fold into the first of them; lines count from 0. */
export interface TranscriptFold {
  readonly start: number;
  readonly end: number;
  readonly kind: 'turn' | 'answer' | BlockKind;
}

/** What can be folded in a transcript, finished or being edited: turns, answers, thoughts, files and tool calls. */
export function transcriptFolds(text: string): TranscriptFold[] {
  const lines = text.split(/\r\n|\r|\n/);
  const folds: TranscriptFold[] = [];
  let turn: number | undefined;
  let answer: number | undefined;
  const add = (kind: TranscriptFold['kind'], start: number | undefined, end: number): void => {
    if (start !== undefined && end > start) folds.push({ start, end, kind });
  };
  const endTurn = (next: number): void => {
    let end = next - 1;
    while (end > 0 && lines[end]?.trim() === '') end--;
    add('turn', turn, end);
    add('answer', answer, end);
  };
  for (const part of partsOf(lines)) {
    if (part.kind === 'block') add(part.block, part.line, part.end);
    if (part.kind !== 'role') continue;
    if (part.role === 'model') answer ??= part.line;
    else {
      endTurn(part.line);
      turn = part.line;
      answer = undefined;
    }
  }
  endTurn(lines.length);
  return folds;
}
