import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { transcriptLanguage } from '../../host/manifest.ts';
import type { Conversation } from '../conversation.ts';
import { transcriptFolds } from '../transcript-folding.ts';
import { exportTranscript, importTranscript } from '../transcript.ts';

/** Opens a conversation as an untitled transcript; the user decides where it is saved. */
export async function exportToEditor(conversation: Conversation): Promise<void> {
  if (conversation.turns.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('There is nothing to export yet: this conversation is empty.'));
    return;
  }
  const document = await vscode.workspace.openTextDocument({ content: exportTranscript(conversation), language: transcriptLanguage });
  await vscode.window.showTextDocument(document);
}

/** Reads the transcript in the active editor, or one the user chooses. Undefined when they choose none. */
export async function importFromEditor(): Promise<ReturnType<typeof importTranscript> | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  if (active?.languageId === transcriptLanguage) return importTranscript(active.getText());
  const chosen = await vscode.window.showOpenDialog({
    title: l10n.t('Import transcript'),
    filters: { [l10n.t('Ponder transcript')]: ['md'] },
  });
  if (!chosen?.[0]) return undefined;
  return importTranscript((await vscode.workspace.openTextDocument(chosen[0])).getText());
}

/** Turns, thoughts, files and tool calls fold; thoughts as comments, so that "Fold All Block Comments" hides them all. */
export function registerTranscriptFolding(): vscode.Disposable {
  return vscode.languages.registerFoldingRangeProvider(
    { language: transcriptLanguage },
    {
      provideFoldingRanges: (document) =>
        transcriptFolds(document.getText()).map(
          ({ start, end, kind }) => new vscode.FoldingRange(start, end, kind === 'thought' ? vscode.FoldingRangeKind.Comment : undefined),
        ),
    },
  );
}
