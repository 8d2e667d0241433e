/**
 * Renders a conversation with the model's own chat template, in a way that text cannot forge structure.
 *
 * The template sees placeholders where contents belong. Its output is cut at the special tokens it wrote itself,
 * and only then are the contents put back, as plain text. A file that spells `<|im_end|>` stays a file.
 */
import { Template } from '@huggingface/jinja';
import type { Message, Tool } from '../protocol/engine.ts';
import { PonderError } from '../base/errors.ts';

/** A piece of a prompt: one special token, or text between two of them that is tokenised in one go. */
export type Run = { readonly special: string } | { readonly text: string };

export interface RenderOptions {
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[] | undefined;
  readonly thinking: boolean;
}

export interface TemplateContext {
  /** Whether a text of the template's output is one of the model's special or user-defined tokens. */
  readonly isSpecial: (text: string) => boolean;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
}

/** What a special token may look like; each candidate is then asked of the vocabulary. */
const candidate = /<\|[^|<>\s]+\|>|<\/?[a-zA-Z_][a-zA-Z0-9_]*>|<[^<>\s]+>/g;
const placeholder = /\uE000(\d+)\uE001/g;

export class ChatTemplate {
  readonly #template: Template;

  /** @throws PonderError `model-not-chat` when the template has no valid syntax. */
  constructor(
    source: string,
    private readonly context: TemplateContext,
  ) {
    try {
      this.#template = new Template(source);
    } catch (error) {
      throw new PonderError('model-not-chat', `The chat template cannot be parsed: ${String(error)}`);
    }
  }

  /** @throws PonderError `model-not-chat` when the template refuses the conversation. */
  render({ messages, tools, thinking }: RenderOptions): Run[] {
    const contents = new Placeholders();
    let rendered: string;
    try {
      rendered = this.#template.render({
        messages: messages.map((message) => toTemplateMessage(message, contents)),
        ...(tools && tools.length > 0 ? { tools: tools.map((tool) => toTemplateTool(tool, contents)) } : {}),
        add_generation_prompt: true,
        enable_thinking: thinking,
        bos_token: this.context.bosToken ?? '',
        eos_token: this.context.eosToken ?? '',
      });
    } catch (error) {
      throw new PonderError('model-not-chat', `The chat template cannot render this conversation: ${String(error)}`);
    }
    return this.#cut(rendered).map((run) => ('text' in run ? { text: contents.restore(run.text) } : run));
  }

  #cut(rendered: string): Run[] {
    const runs: Run[] = [];
    let end = 0;
    for (const match of rendered.matchAll(candidate)) {
      if (!this.context.isSpecial(match[0])) continue;
      if (match.index > end) runs.push({ text: rendered.slice(end, match.index) });
      runs.push({ special: match[0] });
      end = match.index + match[0].length;
    }
    if (end < rendered.length) runs.push({ text: rendered.slice(end) });
    return runs;
  }
}

/** Stands for contents while the template runs. */
class Placeholders {
  readonly #contents: string[] = [];

  /** For a message's content. Its outer white space stays visible, because templates strip it. */
  text(content: string): string {
    const core = content.trim();
    if (core === '') return content;
    const start = content.indexOf(core);
    return content.slice(0, start) + this.#hold(core) + content.slice(start + core.length);
  }

  /** For any JSON value: each string within is held in its escaped form, since the template writes it by `tojson`. */
  json(value: unknown): unknown {
    if (typeof value === 'string') return this.#hold(JSON.stringify(value).slice(1, -1));
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (typeof value === 'object' && value !== null) {
      // Keys stay readable for templates that look at them, unless they might spell a token.
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key.includes('<') ? this.json(key) : key, this.json(item)]),
      );
    }
    return value;
  }

  restore(text: string): string {
    return text.replace(placeholder, (whole, index: string) => this.#contents[Number(index)] ?? whole);
  }

  #hold(content: string): string {
    return `\uE000${this.#contents.push(content) - 1}\uE001`;
  }
}

function toTemplateMessage(message: Message, contents: Placeholders): Record<string, unknown> {
  const content = contents.text(message.content);
  if (message.role !== 'assistant') return { role: message.role, content };
  const { thought, toolCalls = [] } = message;
  return {
    role: message.role,
    content,
    ...(thought === undefined ? {} : { reasoning_content: contents.text(thought) }),
    ...(toolCalls.length === 0
      ? {}
      : {
          tool_calls: toolCalls.map((call) => ({
            type: 'function',
            function: { name: contents.text(call.name), arguments: contents.json(parseArguments(call.arguments)) },
          })),
        }),
  };
}

function toTemplateTool({ name, description, parameters }: Tool, contents: Placeholders): Record<string, unknown> {
  return {
    type: 'function',
    function: { name: contents.json(name), description: contents.json(description), parameters: contents.json(parameters) },
  };
}

function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
