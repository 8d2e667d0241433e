import { describe, expect, it } from 'vitest';
import { copiedText, terminalText, type Clipboard } from '../../../src/actions/terminal-text.ts';

describe('what stood in a terminal', () => {
  it('comes without colours, titles and control characters', () => {
    expect(terminalText('\x1b]0;title\x07\x1b[1;31merror\x1b[0m: \x1b(Bno\x07\n\x1b[2K\tdone\x1b[?25h\r\n')).toBe('error: no\n\tdone');
  });

  it('of a line that was written over keeps the last state', () => {
    expect(terminalText('10 %\r50 %\r100 %\nnext\r\n')).toBe('100 %\nnext');
  });

  it('is its last 400 lines', () => {
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    expect(terminalText(lines.join('\n'))).toBe(lines.slice(100).join('\n'));
  });

  it('is nothing where there is only space', () => expect(terminalText(' \x1b[0m\n\n  ')).toBe(''));
});

describe('the selection of a terminal', () => {
  function clipboard(text: string): Clipboard & { text: string } {
    const board = {
      text,
      readText: () => Promise.resolve(board.text),
      writeText: (next: string) => Promise.resolve(void (board.text = next)),
    };
    return board;
  }

  it('is what was copied, also where the clipboard held the same, and the clipboard is as before', async () => {
    const board = clipboard('same');
    expect(await copiedText(board, () => board.writeText('same'), 'mark')).toBe('same');
    expect(board.text).toBe('same');
  });

  it('is nothing where nothing was copied', async () => {
    const board = clipboard('old');
    expect(await copiedText(board, () => Promise.resolve(), 'mark')).toBe('');
    expect(board.text).toBe('old');
  });

  it('gives the clipboard back also where copying fails', async () => {
    const board = clipboard('old');
    await expect(copiedText(board, () => Promise.reject(new Error('no')), 'mark')).rejects.toThrow('no');
    expect(board.text).toBe('old');
  });
});
