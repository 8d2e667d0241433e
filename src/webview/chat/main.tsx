import { render } from 'preact';
import type { ChatMessage, ChatRequest } from '../../protocol/webview.ts';
import { configureL10n } from '../shared/l10n.ts';
import { createStore } from '../shared/store.ts';
import { connect } from '../shared/vscode-api.ts';
import { App } from './app.tsx';
import { savedDraft } from './draft.ts';
import { initialView, reduce } from './reduce.ts';
import './chat.css';

configureL10n();
const root = document.getElementById('root');
if (root) {
  const host = connect<ChatMessage, ChatRequest>();
  const draft = savedDraft(host.load());
  const saveDraft = (text: string): void => {
    host.save({ draft: text });
  };
  const store = createStore(initialView, reduce, (view) => {
    render(<App view={view} send={host.send} draft={draft} saveDraft={saveDraft} />, root);
  });
  host.listen(store.push);
  host.send({ type: 'ready' });
}
