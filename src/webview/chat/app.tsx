import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { CodeActions } from '../shared/markdown/code-actions.ts';
import { Announcer } from './announcer.tsx';
import { DropZone } from './chips/drop-zone.tsx';
import { Composer } from './composer.tsx';
import { EmptyState } from './empty-state.tsx';
import { EngineNotice } from './engine-line.tsx';
import { Log } from './log.tsx';
import type { ChatView } from './reduce.ts';
import { SendContext } from './send.ts';
import { FirstRun } from './setup/first-run.tsx';
import type { Send } from './send.ts';

export interface AppProps {
  readonly view: ChatView;
  readonly send: Send;
}

export function App({ view, send }: AppProps): JSX.Element {
  const actions = useMemo<CodeActions>(
    () => ({
      copy: (text) => send({ type: 'copy', text }),
      insert: (code) => send({ type: 'insertCode', code }),
      newFile: (code, language) => send({ type: 'newFile', code, language: language.slice(0, 64) }),
      // A path that is too long for a message is none.
      apply: (code, path) => send({ type: 'applyCode', code, ...(path === undefined || path.length > 1024 ? {} : { path }) }),
    }),
    [send],
  );
  const { chat } = view;
  const lastTurn = chat?.turns.at(-1);
  return (
    <SendContext.Provider value={send}>
      <CodeActions.Provider value={actions}>
        <main class="view chat">
          <h1 class="hidden">{l10n.t('Chat')}</h1>
          {chat && (
            <>
              {chat.turns.length > 0 ? (
                <Log key={chat.conversationId} chat={chat} reveal={view.reveal} />
              ) : chat.setup ? (
                <FirstRun setup={chat.setup} />
              ) : (
                <EmptyState chat={chat} />
              )}
              {lastTurn && <EngineNotice engine={chat.engine} said={lastTurn.error?.title} />}
              <Composer chat={chat} compose={view.compose} mentions={view.mentions} slashes={view.slashes} />
              <Announcer turn={lastTurn} conversationId={chat.conversationId} context={chat.context} />
              <DropZone />
            </>
          )}
        </main>
      </CodeActions.Provider>
    </SendContext.Provider>
  );
}
