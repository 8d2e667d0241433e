import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePromptFile } from '../../../../src/actions/prompt-files/parse.ts';

const parse = (text: string, name = 'review.prompt.md'): ReturnType<typeof parsePromptFile> => parsePromptFile(name, text);

describe('a prompt file', () => {
  it('without front matter is named after itself and asks', async () => {
    expect(await parse('\nReview this.\n', 'Review All.prompt.md')).toEqual({ name: 'Review-All', mode: 'ask', body: 'Review this.', unsupported: [], forAgent: false });
  });

  it('says what it is called, what it does, what may follow and how it is run', async () => {
    const file = await parse('\uFEFF---\r\nname: my review\r\ndescription: "Review: \\n all"\r\nargument-hint: what\r\nmode: edit\r\n---\r\n\r\nDo.\r\n');
    expect(file).toEqual({ name: 'my-review', description: 'Review: all', hint: 'what', mode: 'edit', body: 'Do.', unsupported: [], forAgent: false });
  });

  it('names the fields that mean nothing here', async () => {
    expect(await parse('---\ntools: [a, b]\nmodel: gpt\n---\nDo.')).toMatchObject({ unsupported: ['tools', 'model'], body: 'Do.' });
  });

  it.each([
    ['mode: agent', { mode: 'ask', forAgent: true }],
    ['agent: edit', { mode: 'edit', forAgent: false }],
    ['agent: My own', { mode: 'ask', forAgent: true }],
    ['mode: ask', { mode: 'ask', forAgent: false }],
  ])('with %j runs as %j', async (field, as) => expect(await parse(`---\n${field}\n---\nDo.`)).toMatchObject(as));

  it.each([
    ['---\nname: [\n---\nDo.', /flow|sequence|"\]"|\]/i],
    ['---\nname: x\nDo.', /no end/],
    ['---\nname: 5\n---\nDo.', /string/],
    ['---\n- a\n---\nDo.', /a list/],
    ['---\njust words\n---\nDo.', /object/i],
    ['---\na: &a [x]\nb: *a\n---\nDo.', /alias/i],
    ['---\nname: x\n---\n', /Nothing is asked/],
  ])('that is damaged is kept with what is wrong: %j', async (text, problem) => {
    const file = await parse(text);
    expect(file.problem).toMatch(problem);
    expect(file.name).not.toBe('');
  });

  it('with a rule in its text ends its front matter at the first', async () => {
    expect(await parse('---\nname: x\n---\nOne\n\n---\n\nTwo')).toMatchObject({ body: 'One\n\n---\n\nTwo' });
  });

  it('of any text never fails, and has a name that can stand behind a slash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.constantFrom('', '---\n'), async (text, opening) => {
        expect((await parse(opening + text)).name).toMatch(/^[^\s/]+$/);
      }),
    );
  });
});
