/** Asks in the chat about what is selected in the terminal. */
import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { nothingGiven, type Given } from '../../context/item.ts';
import { explainTerminalQuestion } from '../prompt-text.ts';
import { copiedText, terminalText } from '../terminal-text.ts';

export async function explainTerminal(ask: (question: string, given: Given) => Promise<void>): Promise<void> {
  const terminal = vscode.window.activeTerminal;
  const copy = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.terminal.copySelection');
  const raw = terminal ? await copiedText(vscode.env.clipboard, copy, `ponder:${randomUUID()}`) : '';
  const content = terminalText(raw);
  if (!terminal || content === '') {
    void vscode.window.showInformationMessage(l10n.t('Nothing is selected in the terminal. Select what is to be explained, and try again.'));
    return;
  }
  await ask(explainTerminalQuestion(vscode.env.language), { ...nothingGiven, items: [{ kind: 'terminal', path: terminal.name, content }] });
}
