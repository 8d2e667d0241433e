import { render } from 'preact';
import type { ChatMessage, ChatRequest } from '../../protocol/webview.ts';
import { configureL10n } from '../shared/l10n.ts';
import { createStore } from '../shared/store.ts';
import { connect } from '../shared/vscode-api.ts';
import { App } from './app.tsx';
import { initialView, reduce } from './reduce.ts';
import './chat.css';

configureL10n();
const root = document.getElementById('root');
if (root) {
  const host = connect<ChatMessage, ChatRequest>();
  const store = createStore(initialView, reduce, (view) => {
    render(<App view={view} send={host.send} />, root);
  });
  host.listen(store.push);
  host.send({ type: 'ready' });
}
