/** Problems as the editor shows them. */
import * as vscode from 'vscode';

/** Errors and warnings that touch a range, errors first. */
export function problemsIn(uri: vscode.Uri, range: vscode.Range): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter((problem) => isProblem(problem) && problem.range.intersection(range) !== undefined)
    .toSorted((a, b) => a.severity - b.severity || a.range.start.compareTo(b.range.start));
}

/** Those at a place: that contain it, else those on its line. */
export function problemsAt(uri: vscode.Uri, at: vscode.Position): vscode.Diagnostic[] {
  const onLine = problemsIn(uri, new vscode.Range(at.line, 0, at.line, Number.MAX_SAFE_INTEGER));
  const here = onLine.filter(({ range }) => range.contains(at));
  return here.length > 0 ? here : onLine;
}

/** Hints are no problems. */
export function isProblem({ severity }: vscode.Diagnostic): boolean {
  return severity <= vscode.DiagnosticSeverity.Warning;
}
