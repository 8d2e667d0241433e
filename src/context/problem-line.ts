/** Problems as compilers print them: in English, since the model reads it. Pure. */

/** As much of VS Code's diagnostics as is printed. */
export interface Problem {
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  /** 0: an error, 1: a warning, and so on. */
  readonly severity: number;
  readonly message: string;
  readonly source?: string | undefined;
}

/** "src/cart.ts:3:5: error: No such thing (ts)" */
export function problemLine(path: string, problem: Problem): string {
  const { line, character } = problem.range.start;
  return `${path}:${String(line + 1)}:${String(character + 1)}: ${problemText(problem)}`;
}

/** "error: No such thing (ts)" */
export function problemText({ severity, message, source }: Problem): string {
  const level = ['error', 'warning', 'note'][severity] ?? 'hint';
  return `${level}: ${message.replace(/\s+/g, ' ')}${source ? ` (${source})` : ''}`;
}
