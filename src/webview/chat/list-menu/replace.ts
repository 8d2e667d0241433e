/**
 * Replaces a part of a field's text as if it had been typed, the caret behind it. An editing command, because that is
 * the only change from script which the browser's own undo takes back; `setRangeText` would forget all that came before.
 */
export function replaceRange(field: HTMLTextAreaElement, start: number, end: number, insert: string): void {
  field.focus();
  if (start === end && insert === '') return;
  field.setSelectionRange(start, end);
  if (edit(field.ownerDocument, insert)) return;
  field.setRangeText(insert, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function edit(page: Document, insert: string): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing has come in its place
  return insert === '' ? page.execCommand('delete') : page.execCommand('insertText', false, insert);
}
