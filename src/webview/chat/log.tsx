import { Fragment } from 'preact';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ChatState } from '../../protocol/webview.ts';
import { JumpToLatest } from '../shared/controls.tsx';
import { useFollow } from '../shared/use-follow.ts';
import { Fold } from './fold.tsx';
import type { ChatView } from './reduce.ts';
import { isRunning } from './reduce.ts';
import { Turn } from './turn.tsx';

/** The conversation. Follows its end while an answer grows, until the reader scrolls up. */
export function Log({ chat, reveal }: { readonly chat: ChatState; readonly reveal: ChatView['reveal'] }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const { following, jump, release } = useFollow(box);
  const lastTurn = chat.turns.at(-1);

  // A new question is what its asker wants to see.
  useEffect(jump, [lastTurn?.id, jump]);

  useEffect(() => {
    const turn = [...(box.current?.querySelectorAll<HTMLElement>('[data-turn]') ?? [])].find(
      (element) => element.dataset['turn'] === reveal?.turnId,
    );
    if (!turn) return undefined;
    release();
    turn.scrollIntoView({ block: 'start' });
    turn.classList.add('revealed');
    const timer = setTimeout(() => {
      turn.classList.remove('revealed');
    }, 1500);
    return () => {
      clearTimeout(timer);
    };
  }, [reveal?.count]);

  const running = isRunning(lastTurn);
  return (
    <div class="log-frame">
      <div class="log" ref={box} role="log" aria-live="off" aria-label={l10n.t('Conversation')} tabIndex={0}>
        <div class="turns">
          {chat.turns.map((turn, index) => (
            <Fragment key={turn.id}>
              <Turn turn={turn} locked={running} engine={chat.engine} />
              {chat.folded && index + 1 === Math.min(chat.folded.turns, chat.turns.length) && <Fold folded={chat.folded} locked={running} />}
            </Fragment>
          ))}
        </div>
      </div>
      {!following && <JumpToLatest onClick={jump} />}
    </div>
  );
}
