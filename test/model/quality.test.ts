/**
 * What the tiny model has learnt comes out of the whole path (client, RPC, engine process, template, parser) letter for
 * letter. Which cases are exact was found out by `measure.mjs`, which evaluates tokens with the bare library: so a
 * difference here is ours. Temperature 0, one thread.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalBackend } from '../../src/backends/local.ts';
import type { Tool, ToolCall } from '../../src/protocol/engine.ts';
import { createBackend, greedy, run } from './support/backend.ts';
import { golden, toMessage, type GoldenMessage } from './support/goldens.ts';

interface Conversation {
  readonly set: string;
  readonly exact: boolean;
  readonly messages: GoldenMessage[];
  /** By name. */
  readonly tools?: string[];
  /** Absent: off. */
  readonly thinking?: true;
  readonly thought?: string;
  readonly answer: string;
  readonly call?: { readonly name: string; readonly arguments: unknown };
}

const { tools, cases } = golden('eval') as { tools: { function: Tool }[]; cases: (Conversation | { messages?: undefined })[] };
const exact = cases.filter((entry) => entry.messages !== undefined && entry.exact) as Conversation[];
const sets = [...new Set(exact.map(({ set }) => set))];

/** As the model writes it: its spaces are its own, its arguments are an object. */
function toCall({ name, arguments: json }: ToolCall): unknown {
  return { name, arguments: JSON.parse(json) as unknown };
}

let backend: LocalBackend;
beforeAll(() => {
  backend = createBackend();
});
afterAll(() => backend.dispose());

describe('the tiny model', () => {
  it('has cases in every set', () => {
    expect(sets.length).toBeGreaterThan(12);
    expect(exact.length).toBeGreaterThan(200);
  });

  describe.each(sets)('%s', (set) => {
    it.each(exact.filter((entry) => entry.set === set).map((entry, index) => [index, entry] as const))('%i', async (_, entry) => {
      const { thought, answer, events } = await run(backend, {
        messages: entry.messages.map(toMessage),
        thinking: entry.thinking ?? false,
        sampling: greedy,
        maxTokens: 1024,
        ...(entry.tools ? { tools: tools.filter((tool) => entry.tools?.includes(tool.function.name)).map((tool) => tool.function) } : {}),
      });
      const calls = events.flatMap((event) => (event.type === 'toolCall' ? [toCall(event.call)] : []));
      expect({ thought: thought.trim(), answer: entry.call ? '' : answer, calls }).toEqual({
        thought: entry.thought ?? '',
        answer: entry.call ? '' : entry.answer,
        calls: entry.call ? [entry.call] : [],
      });
    });
  });
});
