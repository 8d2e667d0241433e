/** What the composer holds after the host has offered a text: a draft is never lost. */
export function offer(draft: string, text: string): string {
  return draft.trim() === '' || draft === text ? text : `${draft.trimEnd()}\n${text}`;
}
