let compositionEnded = Number.NEGATIVE_INFINITY;
document.addEventListener('compositionend', (event) => {
  compositionEnded = event.timeStamp;
});

/** Enter that is meant to send: no Shift, and not the Enter that ends the input of a Chinese or Japanese word. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  // Safari ends the composition just before it reports the key.
  const composing = event.isComposing || event.timeStamp - compositionEnded < 30;
  return event.key === 'Enter' && !composing && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}
