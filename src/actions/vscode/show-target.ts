import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { editorOf, type Place } from './find-target.ts';

/** How long lines stay marked, ms. */
const moment = 1500;

/** Marks the lines of a target that nobody selected, for a moment. */
export class TargetMark implements Disposable {
  readonly #decoration = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
  });
  #timer: NodeJS.Timeout | undefined;

  show({ document, target, selected }: Place): void {
    const editor = editorOf(document.uri);
    if (selected || !editor) return;
    const range = new vscode.Range(target.start, 0, target.end - 1, 0);
    clearTimeout(this.#timer);
    for (const other of vscode.window.visibleTextEditors) other.setDecorations(this.#decoration, []);
    editor.setDecorations(this.#decoration, [range]);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    this.#timer = setTimeout(() => editor.setDecorations(this.#decoration, []), moment);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#decoration.dispose();
  }
}
