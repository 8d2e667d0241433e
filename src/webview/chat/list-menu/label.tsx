import type { JSX } from 'preact';

/** Cuts a label where matching begins and ends. `matches` are UTF-16 offsets in rising order. */
export function pieces(label: string, matches: readonly number[]): { readonly text: string; readonly matched: boolean }[] {
  const matched = new Set(matches);
  const cut: { text: string; matched: boolean }[] = [];
  for (let at = 0; at < label.length; at += 1) {
    const last = cut.at(-1);
    if (last?.matched === matched.has(at)) last.text += label.charAt(at);
    else cut.push({ text: label.charAt(at), matched: matched.has(at) });
  }
  return cut;
}

/** A label with what matches the query in bold. */
export function Label({ label, matches }: { readonly label: string; readonly matches: readonly number[] }): JSX.Element {
  return (
    <span class="option-label ellipsis">
      {pieces(label, matches).map((piece, index) => (piece.matched ? <b key={index}>{piece.text}</b> : piece.text))}
    </span>
  );
}
