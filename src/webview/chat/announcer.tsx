import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { TurnState } from '../../protocol/webview.ts';

/** Longer answers are announced by their beginning; the log has the rest. */
const longest = 1000;

/** Tells a screen reader what happens: each state once, and the answer when it is there, never token by token. */
export function Announcer({ turn }: { readonly turn: TurnState | undefined }): JSX.Element {
  const last = useRef<string | undefined>(turn && key(turn));
  const [text, setText] = useState('');
  const now = turn && key(turn);
  useEffect(() => {
    if (turn && now !== last.current) setText(announcement(turn));
    last.current = now;
  }, [now]);
  return (
    <div class="hidden" role="status">
      {text}
    </div>
  );
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
