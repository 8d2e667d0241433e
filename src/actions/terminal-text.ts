/** What stood in a terminal, as a model can read it. Pure. */

/** The last ones say what went wrong. */
const mostLines = 400;

/** Sequences that colour text, move the caret or set the title (ECMA-48). */
// eslint-disable-next-line no-control-regex -- that is what they are made of
const sequences = /\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]/g;
// eslint-disable-next-line no-control-regex -- a bell, a backspace and the like; a tab and a line feed stay
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** Without codes, and of a line that was written over again and again its last state; at most 400 lines. */
export function terminalText(raw: string): string {
  const lines = raw
    .replace(sequences, '')
    .replace(/\r+\n/g, '\n')
    .split('\n')
    .map((line) => line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1).replace(controls, '').trimEnd());
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  while (lines[0] === '') lines.shift();
  return lines.slice(-mostLines).join('\n');
}

export interface Clipboard {
  readText(): PromiseLike<string>;
  writeText(text: string): PromiseLike<void>;
}

/**
 * The selection of a terminal: VS Code only copies it. What the clipboard held as text is there again afterwards.
 * @param mark a text that nobody selects; it tells a copy from none
 * @returns empty where nothing is selected
 */
export async function copiedText(clipboard: Clipboard, copy: () => PromiseLike<unknown>, mark: string): Promise<string> {
  const before = await clipboard.readText();
  await clipboard.writeText(mark);
  try {
    await copy();
    const text = await clipboard.readText();
    return text === mark ? '' : text;
  } finally {
    await clipboard.writeText(before);
  }
}
