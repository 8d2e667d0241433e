/** "Add problems to Ponder", where VS Code lists what can be done about a problem: the Problems view has no other menu. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

export class ProblemActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };

  provideCodeActions(_document: vscode.TextDocument, _range: vscode.Range, { diagnostics, only }: vscode.CodeActionContext): vscode.CodeAction[] {
    if (diagnostics.length === 0 || (only && !only.contains(vscode.CodeActionKind.QuickFix))) return [];
    const action = new vscode.CodeAction(l10n.t('Add problems to Ponder'), vscode.CodeActionKind.QuickFix);
    action.command = { command: 'ponder.addProblemsToContext', title: action.title };
    return [action];
  }
}
