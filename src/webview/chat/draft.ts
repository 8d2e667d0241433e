/** The text in the composer, as it was kept over a reload. */
export function savedDraft(saved: unknown): string {
  return typeof saved === 'object' && saved !== null && 'draft' in saved && typeof saved.draft === 'string' ? saved.draft : '';
}

/** What the composer holds after the host has offered a text: a draft is never lost. */
export function offer(draft: string, text: string): string {
  return draft.trim() === '' || draft === text ? text : `${draft.trimEnd()}\n${text}`;
}
