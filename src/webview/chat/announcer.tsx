import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ContextState, TurnState } from '../../protocol/webview.ts';
import { pickedText } from './chips/picks.tsx';
import { isRunning } from './reduce.ts';

/** Longer answers are announced by their beginning; the log has the rest. */
const longest = 1000;

export interface AnnouncerProps {
  readonly turn: TurnState | undefined;
  readonly conversationId: string;
  readonly context: ContextState;
}

/** Tells a screen reader what happens: each state once, and the answer when it is there, never token by token. */
export function Announcer({ turn, conversationId, context }: AnnouncerProps): JSX.Element {
  const last = useRef<string | undefined>(turn && key(turn));
  const before = useRef({ conversationId, context });
  const [text, setText] = useState('');
  const now = turn && key(turn);
  useEffect(() => {
    if (turn && now !== last.current) setText(announcement(turn));
    last.current = now;
  }, [now]);
  useEffect(() => {
    const news = before.current.conversationId === conversationId ? contextNews(before.current.context, context, isRunning(turn)) : '';
    if (news !== '') setText(news);
    before.current = { conversationId, context };
  }, [conversationId, context]);
  return (
    <div class="hidden" role="status">
      {text}
    </div>
  );
}

/** What has changed about the context, in words. What goes with its question, `asked`, goes without a word. */
export function contextNews(before: ContextState, after: ContextState, asked: boolean): string {
  const missing = (from: ContextState, other: ContextState): string[] =>
    from.chips.filter((chip) => !other.chips.some(({ id }) => id === chip.id)).map((chip) => chip.label);
  const news = missing(after, before).map((label) => l10n.t('Added {0} to the context', label));
  if (!asked) news.push(...missing(before, after).map((label) => l10n.t('Removed {0} from the context', label)));
  const picked = (of: ContextState): string => of.picks?.files.map(({ id }) => id).join('\n') ?? '';
  if (after.picks?.status === 'ready' && (before.picks?.status === 'indexing' || !before.picks || picked(before) !== picked(after))) {
    news.push(pickedText(after.picks));
  }
  return news.join('. ');
}

function key(turn: TurnState): string {
  return `${turn.id} ${turn.status}`;
}

export function announcement(turn: TurnState): string {
  switch (turn.status) {
    case 'loading':
      return l10n.t('Loading the model');
    case 'reading':
      return l10n.t('Reading the question');
    case 'thinking':
      return l10n.t('Thinking');
    case 'writing':
      return l10n.t('Writing the answer');
    case 'done':
      return spoken(turn.answer);
    case 'stopped':
      return l10n.t('Stopped');
    case 'failed':
      return turn.error?.title ?? l10n.t('The answer failed');
  }
}

function spoken(markdown: string): string {
  const plain = markdown
    .replace(/^ *(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n *\1 *(?=\n|$)|$)/gm, l10n.t('(code)'))
    .replace(/[*_#>`]+/g, '')
    .trim();
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
