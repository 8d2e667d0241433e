import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitBlocks } from '../../../src/webview/shared/markdown/blocks.ts';

describe('splitting Markdown into blocks', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['paragraphs', 'a\nb\n\nc', ['a\nb\n\n', 'c']],
    ['a fence with blank lines', '```ts\na\n\nb\n```\nc', ['```ts\na\n\nb\n```\n', 'c']],
    ['a fence right below a paragraph', 'a:\n```\nb\n```', ['a:\n', '```\nb\n```']],
    ['an unfinished fence', 'a\n\n```py\nb\n\nc', ['a\n\n', '```py\nb\n\nc']],
    ['a longer fence around a shorter', '````md\n```\na\n```\n````\nb', ['````md\n```\na\n```\n````\n', 'b']],
    ['tildes around backticks', '~~~\n```\n~~~\na', ['~~~\n```\n~~~\n', 'a']],
    ['backticks in a line of text', '``` a ``` b\n\nc', ['``` a ``` b\n\n', 'c']],
    ['a loose list', '- a\n\n- b\n\n  more\n\nc', ['- a\n\n- b\n\n  more\n\n', 'c']],
    ['a fence in a list', '1. a\n\n   ```\n   x\n\n   y\n   ```\n2. b\n\nc', ['1. a\n\n   ```\n   x\n\n   y\n   ```\n2. b\n\n', 'c']],
    ['a display formula', 'a\n$$\nx\n\ny\n$$\nb', ['a\n', '$$\nx\n\ny\n$$\n', 'b']],
    ['a formula on one line', '\\[ x \\]\nb', ['\\[ x \\]\n', 'b']],
    ['blank lines first', '\n\na', ['\n\n', 'a']],
    ['indented code', '    a\n\n    b\n\nc', ['    a\n\n    b\n\n', 'c']],
  ])('keeps %s apart', (_, text, blocks) => expect(splitBlocks(text)).toEqual(blocks));

  const line = fc.constantFrom('', 'text', '- item', '  more', '```', '```ts', '$$', '\\[', '\\]', '# head', '> quote', '1. one', '    code', '| a |', '~~~');
  const document = fc.array(line, { maxLength: 30 }).map((lines) => lines.join('\n'));

  it('adds up to the text', () => {
    fc.assert(fc.property(document, (text) => splitBlocks(text).join('') === text));
  });

  it('never changes more than the last two blocks when text is added', () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, at) => {
        const before = splitBlocks(text.slice(0, text.length === 0 ? 0 : at % text.length)).slice(0, -2);
        expect(splitBlocks(text).slice(0, before.length)).toEqual(before);
      }),
    );
  });
});
