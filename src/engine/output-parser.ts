/** Splits a stream of tokens into thought, answer and tool calls, by token id: text may spell a tag, tokens may not. */
import type { Token } from 'node-llama-cpp';
import { Characters } from './characters.ts';
import type { ChatEvent, ToolCall } from '../protocol/engine.ts';

export interface MarkerTokens {
  readonly thinkStart: Token | undefined;
  readonly thinkEnd: Token | undefined;
  readonly toolStart: Token | undefined;
  readonly toolEnd: Token | undefined;
}

export type Decode = (tokens: readonly Token[]) => string;

const none: MarkerTokens = { thinkStart: undefined, thinkEnd: undefined, toolStart: undefined, toolEnd: undefined };

const toolEndText = '</tool_call>';

export class OutputParser {
  #mode: 'thought' | 'answer' | 'tool';
  #text: TextStream;
  #tool = '';
  thoughtTokens = 0;
  answerTokens = 0;

  constructor(
    private readonly markers: MarkerTokens,
    private readonly decode: Decode,
    /** True when the prompt itself has opened the thought. */
    startsInThought: boolean,
    /** The answer is taken to the letter, tags and leading newlines too: a grammar has seen to it. Before it, a thought may end. */
    private readonly verbatim = false,
  ) {
    this.#mode = startsInThought ? 'thought' : 'answer';
    this.#text = this.#newText();
  }

  get inThought(): boolean {
    return this.#mode === 'thought';
  }

  get #marks(): MarkerTokens {
    if (!this.verbatim) return this.markers;
    return { ...none, thinkEnd: this.inThought ? this.markers.thinkEnd : undefined };
  }

  push(token: Token): ChatEvent[] {
    const { thinkStart, thinkEnd, toolStart, toolEnd } = this.#marks;
    if (token === thinkStart) return this.#enter('thought');
    if (token === thinkEnd) return this.endThought('model');
    if (token === toolStart) return this.#enter('tool');
    if (token === toolEnd) return this.#endTool();
    if (this.#mode === 'thought') this.thoughtTokens++;
    else this.answerTokens++;
    const text = this.#text.push(token);
    if (this.#mode !== 'tool') return this.#textEvent(text);
    this.#tool += text;
    return this.#tool.trimEnd().endsWith(toolEndText) ? this.#endTool() : [];
  }

  /** Closes an open thought: the model did, its budget is used up, or the user wants the answer. */
  endThought(by: 'model' | 'budget' | 'user'): ChatEvent[] {
    if (this.#mode !== 'thought') return [];
    const events = this.#enter('answer');
    // An empty pair of tags is how a hybrid model says that it did not think.
    if (this.thoughtTokens > 0) events.push({ type: 'thoughtEnd', by, tokens: this.thoughtTokens });
    return events;
  }

  /** The stream is over; gives what was held back. */
  end(): ChatEvent[] {
    return this.#mode === 'tool' ? this.#endTool() : this.#textEvent(this.#text.end());
  }

  #enter(mode: 'thought' | 'answer' | 'tool'): ChatEvent[] {
    const events = this.#mode === 'tool' ? [] : this.#textEvent(this.#text.end());
    this.#mode = mode;
    this.#tool = '';
    this.#text = this.#newText();
    return events;
  }

  #newText(): TextStream {
    return new TextStream(this.decode, this.#mode !== 'answer' || !this.verbatim, this.#mode === 'thought');
  }

  #textEvent(text: string): ChatEvent[] {
    if (text === '') return [];
    return this.#mode === 'thought'
      ? [{ type: 'thought', text, tokens: this.thoughtTokens }]
      : [{ type: 'answer', text, tokens: this.answerTokens }];
  }

  #endTool(): ChatEvent[] {
    const text = (this.#tool + this.#text.end()).replace(toolEndText, '').trim();
    this.#enter('answer');
    if (text === '') return [];
    const call = parseToolCall(text);
    // What is no call is shown as it came, rather than lost.
    return call ? [{ type: 'toolCall', call }] : [{ type: 'answer', text, tokens: this.answerTokens }];
  }
}

function parseToolCall(text: string): ToolCall | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('name' in value) || typeof value.name !== 'string') return undefined;
    const args = 'arguments' in value ? value.arguments : {};
    return { name: value.name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
  } catch {
    return undefined;
  }
}

/** Decodes tokens to text, holding back what is not decided yet: part of a character, newlines at the edges. */
class TextStream {
  readonly #characters: Characters;
  #heldNewlines = '';
  #started = false;

  constructor(
    decode: Decode,
    private readonly trimStart: boolean,
    /** Thoughts lose their trailing newlines too; the template puts them around. */
    private readonly trimEnd: boolean,
  ) {
    this.#characters = new Characters(decode);
  }

  push(token: Token): string {
    return this.#trim(this.#characters.push(token));
  }

  end(): string {
    return this.#trim(this.#characters.end());
  }

  #trim(decoded: string): string {
    const text = this.#started || !this.trimStart ? decoded : decoded.replace(/^\n+/, '');
    if (text === '') return '';
    this.#started = true;
    if (!this.trimEnd) return text;
    const body = text.replace(/\n+$/, '');
    if (body === '') {
      this.#heldNewlines += text;
      return '';
    }
    const out = this.#heldNewlines + body;
    this.#heldNewlines = text.slice(body.length);
    return out;
  }
}
