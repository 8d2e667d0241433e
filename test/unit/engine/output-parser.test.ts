import type { Token } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { OutputParser, type MarkerTokens } from '../../../src/engine/output-parser.ts';
import type { ChatEvent } from '../../../src/protocol/engine.ts';

/** Tokens are code points here; the markers lie beyond Unicode. */
const token = (id: number): Token => id as Token;
const markers = { thinkStart: token(2_000_001), thinkEnd: token(2_000_002), toolStart: token(2_000_003), toolEnd: token(2_000_004) } satisfies MarkerTokens;
const decode = (tokens: readonly Token[]): string => String.fromCodePoint(...tokens);
const letters = (text: string): Token[] => Array.from(text, (letter) => token(letter.codePointAt(0) ?? 0));

function parse(tokens: readonly Token[], startsInThought = false): { thought: string; answer: string; events: ChatEvent[]; parser: OutputParser } {
  const parser = new OutputParser(markers, decode, startsInThought);
  const events = [...tokens.flatMap((each) => parser.push(each)), ...parser.end()];
  const join = (type: 'thought' | 'answer'): string => events.map((event) => (event.type === type ? event.text : '')).join('');
  return { thought: join('thought'), answer: join('answer'), events, parser };
}

const { thinkStart, thinkEnd, toolStart, toolEnd } = markers;

describe('OutputParser', () => {
  it('splits thought and answer and trims the newlines the format puts between', () => {
    const { thought, answer, parser } = parse([thinkStart, ...letters('\nI see.\n\nSo.\n'), thinkEnd, ...letters('\n\nYes.\n')]);
    expect(thought).toBe('I see.\n\nSo.');
    expect(answer).toBe('Yes.\n');
    expect(parser.answerTokens).toBe(7);
  });

  it('starts inside the thought when the prompt opened it', () => {
    const { thought, answer } = parse([...letters('deep'), thinkEnd, ...letters('done')], true);
    expect([thought, answer]).toEqual(['deep', 'done']);
  });

  it('does not take a spelled tag for a token', () => {
    const { thought, answer } = parse([thinkStart, ...letters('a </think> b'), thinkEnd, ...letters('<think>')]);
    expect([thought, answer]).toEqual(['a </think> b', '<think>']);
  });

  it('says nothing of an empty thought', () => {
    const { events } = parse([thinkStart, thinkEnd, ...letters('\n\nok')]);
    expect(events.map(({ type }) => type)).toEqual(['answer', 'answer']);
  });

  it('takes an answer to the letter when told to, behind a thought that ends as ever', () => {
    const parser = new OutputParser(markers, decode, true, true);
    const events = [...letters('so'), thinkEnd, ...letters('\n\na')].flatMap((each) => parser.push(each));
    const join = (type: 'thought' | 'answer'): string => events.map((event) => (event.type === type ? event.text : '')).join('');
    expect([join('thought'), join('answer')]).toEqual(['so', '\n\na']);
    // Marks are text there; what text they have is the vocabulary's business.
    for (const mark of [thinkStart, toolStart]) expect(() => parser.push(mark)).toThrow(RangeError);
    expect(parser.inThought).toBe(false);
  });

  it('reports who ended the thought', () => {
    const parser = new OutputParser(markers, decode, true);
    parser.push(token(65));
    expect(parser.endThought('budget')).toEqual([{ type: 'thoughtEnd', by: 'budget', tokens: 1 }]);
    expect(parser.endThought('user')).toEqual([]);
  });

  it('reads tool calls', () => {
    const { events, answer } = parse([toolStart, ...letters('\n{"name": "read", "arguments": {"path": "a.ts"}}\n'), toolEnd]);
    expect(events).toContainEqual({ type: 'toolCall', call: { name: 'read', arguments: '{"path":"a.ts"}' } });
    expect(answer).toBe('');
  });

  it('closes a tool call that spells its end', () => {
    const { events } = parse([toolStart, ...letters('{"name": "x", "arguments": {}}\n</tool_call>'), ...letters('after')]);
    expect(events[0]).toEqual({ type: 'toolCall', call: { name: 'x', arguments: '{}' } });
    expect(events.slice(1).every(({ type }) => type === 'answer')).toBe(true);
  });

  it('shows what is no call instead of losing it', () => {
    expect(parse([toolStart, ...letters('{broken'), toolEnd]).answer).toBe('{broken');
    expect(parse([toolStart, ...letters('{"name": 3}')]).answer).toBe('{"name": 3}');
  });

  it('holds back half a character', () => {
    const bytes = [...new TextEncoder().encode('é€𝄞')].map(token);
    const parser = new OutputParser(markers, (tokens) => new TextDecoder().decode(Uint8Array.from(tokens)), false);
    const texts = bytes.flatMap((byte) => parser.push(byte)).map((event) => (event.type === 'answer' ? event.text : ''));
    expect(texts).toEqual(['é', '€', '𝄞']);
  });
});
