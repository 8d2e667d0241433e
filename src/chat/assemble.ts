/** From what is to be read to the prompt that is sent: what fits goes in, what does not is named. */
import { answerReserve, pack } from '../context/budget.ts';
import { formatItem } from '../context/format.ts';
import { sameItem, type ContextItem, type LeftOut } from '../context/item.ts';
import type { Message, ModelInfo, PromptMeasure, PromptParams } from '../protocol/engine.ts';
import type { Fold, Turn } from './conversation.ts';
import { buildMessages, userText } from './prompt.ts';

export interface Request {
  readonly history: readonly Turn[];
  readonly fold: Fold | undefined;
  /** Of the workspace; always sent. */
  readonly rules: readonly ContextItem[];
  /** In their order. */
  readonly pinned: readonly ContextItem[];
  readonly question: string;
  /** Chosen for this question; always sent. */
  readonly items: readonly ContextItem[];
  /** Picked automatically, best first; sent as far as they fit. */
  readonly automatic: readonly ContextItem[];
  readonly thinking: boolean;
  /** Tokens. */
  readonly thoughtBudget: number;
}

export interface Assembled {
  readonly prompt: PromptParams;
  readonly measure: PromptMeasure;
  /** Kept free for the answer, tokens. */
  readonly reserve: number;
  /** As they were asked for. */
  readonly pinned: readonly ContextItem[];
  /** What goes with the question, with token counts, in the order of the prompt. */
  readonly items: readonly ContextItem[];
  readonly leftOut: readonly LeftOut[];
  /** Turns that the model does not read. */
  readonly folded: number;
}

export interface Tools {
  /** Exact token counts of texts, one each. */
  readonly count: (texts: readonly string[]) => Promise<readonly number[]>;
  readonly measure: (prompt: PromptParams) => Promise<PromptMeasure>;
}

/** What a message takes beside its content, tokens: more than any template's, since the whole is measured in the end. */
const perMessage = 8;

/**
 * Packs by counts of the parts, and measures the whole; where the parts come to more than their sum, packs again.
 * What is over the window with nothing left to give way is left to the engine to refuse.
 */
export async function assemble(request: Request, model: ModelInfo, { count, measure }: Tools): Promise<Assembled> {
  const { history, fold, thinking } = request;
  const automatic = request.automatic.filter((item) => !isThere(item, request));
  const reserve = answerReserve(model.largestContext, thinking ? request.thoughtBudget : 0);
  const asked = history.filter((turn) => turn.answer !== '');
  const texts = [
    ...automatic.map(formatItem),
    ...request.items.map(formatItem),
    ...asked.map((turn) => userText(turn.question, turn.files) + turn.answer),
    fixedText(request),
  ];
  const counts = await count(texts);
  const ofAutomatic = counts.slice(0, automatic.length);
  const ofItems = counts.slice(automatic.length, automatic.length + request.items.length);
  const ofAsked = counts.slice(automatic.length + request.items.length, -1);
  const ofTurn = new Map(asked.map((turn, index) => [turn, (ofAsked[index] ?? 0) + 2 * perMessage]));
  const budget = {
    reserve,
    fixed: (counts.at(-1) ?? 0) + ofItems.reduce((sum, tokens) => sum + tokens, 0) + 2 * perMessage,
    turns: history.map((turn) => ofTurn.get(turn) ?? 0),
    folded: Math.min(fold?.turns ?? 0, history.length),
    automatic: ofAutomatic,
  };
  let window = model.largestContext;
  for (;;) {
    const { automatic: kept, folded } = pack({ ...budget, window });
    const items = [
      ...kept.map((index) => ({ ...at(automatic, index), tokens: ofAutomatic[index] ?? 0 })),
      ...request.items.map((item, index) => ({ ...item, tokens: ofItems[index] ?? 0 })),
    ];
    const prompt = { messages: messagesOf(request, items, folded), thinking };
    const measured = await measure(prompt);
    const excess = measured.tokens + reserve - model.largestContext;
    if (excess <= 0 || (kept.length === 0 && folded === history.length)) {
      const leftOut = automatic.flatMap(({ path }, index) => (kept.includes(index) ? [] : [{ label: path, why: 'window' as const, tokens: ofAutomatic[index] ?? 0 }]));
      return { prompt, measure: measured, reserve, pinned: request.pinned, items, leftOut, folded };
    }
    window -= excess;
  }
}

function messagesOf({ history, fold, rules, pinned, question }: Request, items: readonly ContextItem[], folded: number): Message[] {
  // A summary that stands for fewer turns than are folded now still tells what was said first.
  return buildMessages({ rules, history: history.slice(folded), summary: fold?.summary, pinned, question, items });
}

/** What is always sent, as one text. */
function fixedText({ fold, rules, pinned, question }: Request): string {
  return buildMessages({ rules, summary: fold?.summary, pinned, question })
    .map(({ content }) => content)
    .join('\n');
}

/** Whether the model reads the same in another place already. */
function isThere(item: ContextItem, { history, fold, rules, pinned, items }: Request): boolean {
  const read = [...rules, ...pinned, ...items, ...history.slice(fold?.turns ?? 0).flatMap(({ files }) => files)];
  return read.some((other) => sameItem(item, other));
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`There is no item ${String(index)}.`);
  return item;
}
