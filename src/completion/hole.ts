/** Where a completion goes. Texts have `\n` line ends; offsets are UTF-16 units. */
export interface Hole {
  readonly prefix: string;
  readonly suffix: string;
  /** VS Code's language id. */
  readonly language: string;
  /** One step of the document's indentation: a tab, or so many spaces. */
  readonly indent: string;
}

/** The text of the cursor's line before the cursor. */
export function lineBefore({ prefix }: Hole): string {
  return prefix.slice(prefix.lastIndexOf('\n') + 1);
}

/** The text of the cursor's line after the cursor. */
export function lineAfter({ suffix }: Hole): string {
  const end = suffix.indexOf('\n');
  return end < 0 ? suffix : suffix.slice(0, end);
}
