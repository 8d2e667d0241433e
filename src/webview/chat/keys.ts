/** Enter that is meant to send: no Shift, and not the Enter that ends the input of a Chinese or Japanese word. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  // Safari and old Chromium end a composition before the key arrives; the key code tells them apart.
  const composing = event.isComposing || event.keyCode === 229;
  return event.key === 'Enter' && !composing && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}
