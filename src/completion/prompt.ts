/** What the model is shown of a hole and of what is around it. Pure; test/unit/completion/prompt.test.ts has the exact texts. */
import { extension, fenceFor, formatItem, type PromptFile } from '../context/format.ts';
import type { InfillPrompt } from '../protocol/engine.ts';
import type { Anchored } from './anchor.ts';
import { asComment } from './comments.ts';
import fill from './prompts/fill.md';
import type { Strategy } from './strategy.ts';

export interface Surroundings {
  /** Of the file with the hole, relative to the workspace, with forward slashes. */
  readonly path: string;
  /** VS Code's language id. */
  readonly language: string;
  /** The workspace folder's name. */
  readonly repository: string;
  /** Of other files, in the order in which they are shown. */
  readonly neighbours: readonly PromptFile[];
}

export interface Asked {
  readonly prompt: InfillPrompt;
  /** With this the answer is over, where the form has no token for it. */
  readonly end: string | undefined;
}

export function infillPrompt(strategy: Strategy, { prefix, typed, suffix }: Anchored, surroundings: Surroundings): Asked {
  const around = onOneLine(surroundings);
  const { repository, neighbours, path } = around;
  // With no other files the head of a repository would only be something more to read.
  switch (strategy === 'repository' && neighbours.length === 0 ? 'file' : strategy) {
    case 'file':
      return { prompt: { form: 'file', prefix: commented(around) + prefix, suffix }, end: undefined };
    case 'repository':
      return { prompt: { form: 'repository', repository, files: neighbours.map((file) => ({ path: file.path, content: file.content })), path, prefix, suffix }, end: undefined };
    case 'chat':
      return chatPrompt({ prefix, typed, suffix }, around);
  }
}

/** A line break in a name would let a file write prose of its own. */
function onOneLine({ path, repository, language, neighbours }: Surroundings): Surroundings {
  const line = (text: string): string => text.replace(/\s+/g, ' ');
  return { path: line(path), repository: line(repository), language, neighbours: neighbours.map((file) => ({ path: line(file.path), content: file.content })) };
}

/** Where the form knows one file only, the others stand above it as comments. */
function commented({ neighbours, language }: Surroundings): string {
  return neighbours.map(({ path, content }) => [`File: ${path}`, ...content.trimEnd().split('\n')].map((line) => `${asComment(line, language)}\n`).join('')).join('');
}

/** What changes least comes first: neighbours, what follows the gap, and in the answer what goes before it. */
function chatPrompt({ prefix, typed, suffix }: Anchored, { path, language, neighbours }: Surroundings): Asked {
  const fence = fenceFor(prefix + typed + suffix);
  const after = `${fence}\n${suffix.replace(/^\n/, '').replace(/\n?$/, '\n')}${fence}`;
  const question = fill.trim().replace(/\{(path|language|after)\}/g, (_, name: string) => ({ path: path.replace(/[`\s]+/g, ' '), language, after })[name] ?? '');
  const content = neighbours.map(formatItem).join('') + question;
  return { prompt: { form: 'chat', messages: [{ role: 'user', content }], opening: `${fence}${extension(path)}\n${prefix}` }, end: `\n${fence}` };
}
