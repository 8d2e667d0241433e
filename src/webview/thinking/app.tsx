import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ThinkingRequest, ThoughtState } from '../../protocol/webview.ts';
import { JumpToLatest } from '../shared/controls.tsx';
import { useFollow } from '../shared/use-follow.ts';
import { Earlier } from './earlier.tsx';
import type { Match } from './find.ts';
import { FindBox } from './find-box.tsx';
import { NoThoughts } from './no-thoughts.tsx';
import { NowHeader } from './now-header.tsx';
import type { ThinkingView } from './reduce.ts';
import { ThoughtView, totals } from './thought-view.tsx';
import { useFind } from './use-find.ts';

export interface AppProps {
  readonly view: ThinkingView;
  readonly send: (request: ThinkingRequest) => void;
}

const noThoughts: readonly ThoughtState[] = [];
const noMatches: readonly Match[] = [];

export function App({ view, send }: AppProps): JSX.Element {
  const thoughts = view.thinking?.thoughts ?? noThoughts;
  const latest = thoughts.at(-1);
  const live = latest?.status === 'streaming' ? latest : undefined;
  const box = useRef<HTMLDivElement>(null);
  const { following, jump, release } = useFollow(box);
  // As they are shown: the latest first.
  const inOrder = useMemo(() => thoughts.toReversed(), [thoughts]);
  const find = useFind(inOrder, view.finds);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const unfold = useCallback((turnId: string) => {
    setOpen((known) => (known.has(turnId) ? known : new Set(known).add(turnId)));
  }, []);
  const toggle = (turnId: string): void => {
    const next = new Set(open);
    if (!next.delete(turnId)) next.add(turnId);
    setOpen(next);
  };

  useEffect(jump, [live?.turnId, jump]);

  useEffect(() => {
    if (view.collapses > 0) setOpen(new Set());
  }, [view.collapses]);

  useEffect(() => {
    if (!view.reveal) return;
    unfold(view.reveal.turnId);
    if (view.reveal.turnId !== live?.turnId) release();
    scrollSoon(box.current, `[data-thought="${CSS.escape(view.reveal.turnId)}"]`, 'start');
  }, [view.reveal?.count]);

  useEffect(() => {
    if (!find.current) return;
    unfold(find.current.turnId);
    release();
    scrollSoon(box.current, 'mark.current', 'nearest');
  }, [find.current?.turnId, find.current?.start, find.query]);

  const byThought = useMemo(() => grouped(find.matches), [find.matches]);
  const show = (thought: ThoughtState): JSX.Element => (
    <ThoughtView
      thought={thought}
      matches={byThought.get(thought.turnId) ?? noMatches}
      current={find.current?.turnId === thought.turnId ? find.current : undefined}
      collapses={view.collapses}
      onOpenAnswer={(turnId) => send({ type: 'openAnswer', turnId })}
      onCopy={(text) => send({ type: 'copy', text })}
    />
  );

  return (
    <main class="view thinking">
      <h1 class="hidden">{l10n.t('Thinking')}</h1>
      {find.open && (
        <FindBox
          query={find.query}
          found={find.matches.length}
          at={find.at}
          calls={find.calls}
          onQuery={find.setQuery}
          onStep={find.step}
          onClose={() => {
            find.close();
            box.current?.focus();
          }}
        />
      )}
      {live && <NowHeader thought={live} onAnswerNow={() => send({ type: 'answerNow' })} />}
      {view.thinking && !latest && <NoThoughts thinking={view.thinking} />}
      <div class="thoughts" ref={box} tabIndex={-1}>
        {latest && (
          <div class="thoughts-in">
            <section class="latest" data-thought={latest.turnId} data-follow>
              <div class="latest-head">
                <h2 class="asked" dir="auto">
                  {latest.question}
                </h2>
                {!live && <span class="meta figures">{totals(latest)}</span>}
              </div>
              {show(latest)}
            </section>
            {thoughts.length > 1 && (
              <section class="all-earlier">
                <h2 class="meta">{l10n.t('Earlier in this chat')}</h2>
                <ul>
                  {inOrder.slice(1).map((thought) => (
                    <Earlier key={thought.turnId} thought={thought} open={open.has(thought.turnId)} onToggle={() => toggle(thought.turnId)}>
                      {show(thought)}
                    </Earlier>
                  ))}
                </ul>
              </section>
            )}
          </div>
        )}
      </div>
      {live && !following && <JumpToLatest onClick={jump} />}
    </main>
  );
}

function grouped(matches: readonly Match[]): Map<string, Match[]> {
  const groups = new Map<string, Match[]>();
  for (const match of matches) {
    const group = groups.get(match.turnId);
    if (group) group.push(match);
    else groups.set(match.turnId, [match]);
  }
  return groups;
}

/** Once what was just asked for has been drawn. */
function scrollSoon(box: HTMLElement | null, selector: string, block: ScrollLogicalPosition): void {
  setTimeout(() => box?.querySelector(selector)?.scrollIntoView({ block }), 50);
}
