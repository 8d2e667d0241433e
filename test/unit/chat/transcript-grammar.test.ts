import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from 'vscode-textmate';
import { beforeAll, describe, expect, it } from 'vitest';

/** What these cases need of Markdown and JSON: as VS Code's own grammars have it, in a few rules. */
const others: Readonly<Record<string, object>> = {
  'text.html.markdown': {
    scopeName: 'text.html.markdown',
    patterns: [
      { match: '(^|\\G)#{1,6}\\s.*$', name: 'markup.heading.markdown' },
      {
        begin: '(^|\\G)(\\s*)(`{3,})(\\w*)\\s*$',
        end: '(^|\\G)(\\2|\\s{0,3})(\\3)\\s*$',
        name: 'markup.fenced_code.block.markdown',
        patterns: [{ begin: '(^|\\G)(\\s*)(.*)', while: '(^|\\G)(?!\\s*([`~]{3,})\\s*$)', contentName: 'meta.embedded.block.code' }],
      },
      { begin: '(^|\\G)\\s*(<!--)', end: '(-->)', name: 'comment.block.html' },
      { begin: '(^|\\G) {0,3}(?=[^\\t\\n ])', while: '(^|\\G)( {4,}(?=[^\\t\\n ]))', name: 'meta.paragraph.markdown' },
    ],
  },
  'source.json': { scopeName: 'source.json', patterns: [{ match: '"[^"]*"', name: 'string.quoted.double.json' }] },
};

const path = 'syntaxes/ponder-transcript.tmLanguage.json';
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM({ data: wasm });
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: (scope) => {
      const other = others[scope];
      const content = scope === 'text.html.markdown.ponder' ? readFileSync(path, 'utf8') : other && JSON.stringify(other);
      return Promise.resolve(content === undefined ? null : parseRawGrammar(content, `${scope}.json`));
    },
  });
  const loaded = await registry.loadGrammar('text.html.markdown.ponder');
  if (!loaded) throw new Error('The grammar does not load');
  grammar = loaded;
});

/** Each line's tokens with their scopes, the root scope left out. */
function tokens(...lines: string[]): (readonly [text: string, scopes: string])[][] {
  let stack = INITIAL;
  return lines.map((line) => {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    return result.tokens.map(({ startIndex, endIndex, scopes }) => [line.slice(startIndex, endIndex), scopes.slice(1).join(' ')] as const);
  });
}

/** Whether a scope is on every token of a line. */
function everywhere(line: readonly (readonly [string, string])[] | undefined, scope: string): boolean {
  return line !== undefined && line.length > 0 && line.every(([, scopes]) => scopes.split(' ').includes(scope));
}

const user = 'markup.heading.role.user.ponder';
const model = 'markup.heading.role.model.ponder';

describe('the transcript grammar', () => {
  it('marks the head', () => {
    const head = 'comment.block.head.ponder';
    expect(tokens('<!-- ponder:transcript 1 -->')[0]).toEqual([
      ['<!--', `${head} punctuation.definition.comment.begin.ponder`],
      [' ', head],
      ['ponder:transcript', `${head} keyword.other.format.ponder`],
      [' ', head],
      ['1', `${head} constant.numeric.version.ponder`],
      [' ', head],
      ['-->', `${head} punctuation.definition.comment.end.ponder`],
    ]);
  });

  it('marks the roles', () => {
    expect(tokens('## You', '## Ponder')).toEqual([
      [
        ['##', `${user} punctuation.definition.heading.ponder`],
        [' ', user],
        ['You', `${user} entity.name.section.user.ponder`],
      ],
      [
        ['##', `${model} punctuation.definition.heading.ponder`],
        [' ', model],
        ['Ponder', `${model} entity.name.section.model.ponder`],
      ],
    ]);
  });

  it('makes every line of a thought a comment, and no line after it', () => {
    const lines = tokens('<details><summary>Thought for 2.0 s · 12 tokens</summary>', '', '> ## You', '> ```', '>', '', '</details>', '', 'text');
    const comment = 'comment.block.thought.ponder';
    lines.slice(0, 7).forEach((line) => expect(everywhere(line, comment)).toBe(true));
    expect(lines[0]).toEqual([
      ['<details><summary>', `${comment} punctuation.definition.block.begin.ponder`],
      ['Thought', `${comment} keyword.other.thought.ponder`],
      [' for 2.0 s · 12 tokens', comment],
      ['</summary>', `${comment} punctuation.definition.block.begin.ponder`],
    ]);
    expect(lines[2]).toEqual([
      ['>', `${comment} punctuation.definition.quote.begin.ponder`],
      [' ## You', comment],
    ]);
    expect(lines[6]).toEqual([['</details>', `${comment} punctuation.definition.block.end.ponder`]]);
    expect(lines[8]).toEqual([['text', 'meta.paragraph.markdown']]);
  });

  it('ends a thought without an end at the next role', () => {
    const lines = tokens('<details><summary>Thought</summary>', '> so', '## You');
    expect(everywhere(lines[2], user)).toBe(true);
  });

  it('reads the arguments of a tool call as JSON', () => {
    const lines = tokens('<details><summary>Tool call <code>read_file</code></summary>', '', '```json', '{"path":1}', '```', '', '</details>');
    const call = 'meta.tool-call.ponder';
    expect(lines[0]).toContainEqual(['Tool call', `${call} keyword.other.tool-call.ponder`]);
    expect(lines[0]).toContainEqual(['read_file', `${call} entity.name.function.tool-call.ponder`]);
    const json = `${call} markup.fenced_code.block.markdown meta.embedded.block.json`;
    expect(lines[3]).toEqual([
      ['{', json],
      ['"path"', `${json} string.quoted.double.json`],
      [':1}', json],
    ]);
    expect(lines[6]).toEqual([['</details>', `${call} punctuation.definition.block.end.ponder`]]);
  });

  it('reads a file as code, whatever is in it', () => {
    const lines = tokens('<details><summary>File <code>a.md</code></summary>', '', '````md', '## You', '</details>', '````', '', '</details>', '## You');
    const file = 'meta.file.ponder';
    expect(lines[0]).toContainEqual(['a.md', `${file} string.other.link.file.ponder`]);
    for (const at of [3, 4]) expect(everywhere(lines[at], 'meta.embedded.block.code')).toBe(true);
    expect(lines[7]).toEqual([['</details>', `${file} punctuation.definition.block.end.ponder`]]);
    expect(everywhere(lines[8], user)).toBe(true);
  });

  it('marks the end of a turn', () => {
    const stats = 'meta.stats.ponder';
    const comment = `${stats} comment.block.turn.ponder`;
    const end = [
      ['<!--', `${comment} punctuation.definition.comment.begin.ponder`],
      [' ', comment],
      ['ponder:turn', `${comment} keyword.other.turn.ponder`],
      [' {"id":"a"} ', comment],
      ['-->', `${comment} punctuation.definition.comment.end.ponder`],
    ];
    expect(tokens('*Qwen3-4B · 42 tokens* <!-- ponder:turn {"id":"a"} -->', '<!-- ponder:turn {"id":"a"} -->')).toEqual([
      [['*Qwen3-4B · 42 tokens*', `${stats} markup.italic.stats.ponder`], [' ', stats], ...end],
      end,
    ]);
  });

  it('leaves everything else to Markdown', () => {
    const lines = tokens('# Title', 'words', '```ts', 'let a', '```', '*words*');
    expect(lines[0]).toEqual([['# Title', 'markup.heading.markdown']]);
    expect(lines[1]).toEqual([['words', 'meta.paragraph.markdown']]);
    expect(lines[3]).toEqual([['let a', 'markup.fenced_code.block.markdown meta.embedded.block.code']]);
    expect(lines[5]).toEqual([['*words*', 'meta.paragraph.markdown']]);
  });

  it.each([['```ts'], ['<!-- open'], ['- a list']])('finds a role behind text that ends in %s', (open) => {
    const lines = tokens('## Ponder', open, 'let a', '', '## You', 'words');
    expect(everywhere(lines[4], user)).toBe(true);
    expect(lines[5]).toEqual([['words', 'meta.paragraph.markdown']]);
  });

  it('takes an escaped marker for text', () => {
    expect(tokens('\\## You')[0]).toEqual([['\\## You', 'meta.paragraph.markdown']]);
  });
});
