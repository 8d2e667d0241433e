/** What the lightbulb offers: commands with a place, and no work before they are chosen. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandId } from '../../host/manifest.ts';
import type { ActionArgument } from './argument.ts';
import { isOfUser } from './find-target.ts';
import { isProblem } from './problems.ts';

const { QuickFix, RefactorRewrite } = vscode.CodeActionKind;
const kinds = { fix: QuickFix.append('ponder.fix'), explain: QuickFix.append('ponder.explain'), refactor: RefactorRewrite.append('ponder') };

export class CodeActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = { providedCodeActionKinds: [QuickFix, RefactorRewrite] };

  provideCodeActions({ uri }: vscode.TextDocument, range: vscode.Range, { diagnostics, only }: vscode.CodeActionContext): vscode.CodeAction[] {
    if (!isOfUser(uri)) return [];
    const wanted = (kind: vscode.CodeActionKind): boolean => !only || only.contains(kind);
    const problems = diagnostics.filter(isProblem);
    const [first] = problems;
    const actions: vscode.CodeAction[] = [];
    if (first && wanted(kinds.fix)) {
      const all = problems.reduce((union, problem) => union.union(problem.range), first.range);
      actions.push(action(l10n.t('Fix with Ponder'), kinds.fix, 'ponder.fix', { uri, range: all }, problems));
    }
    if (first && wanted(kinds.explain)) {
      actions.push(action(l10n.t('Explain with Ponder'), kinds.explain, 'ponder.explainProblem', { uri, range: first.range }, [first]));
    }
    if (!range.isEmpty && wanted(kinds.refactor)) actions.push(action(l10n.t('Refactor with Ponder…'), kinds.refactor, 'ponder.refactor', { uri, range }));
    return actions;
  }
}

function action(title: string, kind: vscode.CodeActionKind, command: CommandId, argument: ActionArgument, diagnostics: vscode.Diagnostic[] = []): vscode.CodeAction {
  const made = new vscode.CodeAction(title, kind);
  made.command = { command, title, arguments: [argument] };
  made.diagnostics = diagnostics;
  return made;
}
