/** The tokens of a prompt for a hole. Texts of files are tokenised as plain text, whatever they spell. */
import type { Token } from 'node-llama-cpp';
import { PonderError } from '../base/errors.ts';
import type { InfillPrompt } from '../protocol/engine.ts';
import type { HoleTokens, InfillMachine } from './infill-machine.ts';
import type { Run } from './template.ts';
import { promptEnding } from './thinking-kind.ts';
import { tokenizeRuns, type Tokenizer } from './tokenize.ts';

type Vocabulary = Pick<InfillMachine, 'holes' | 'template'> & { readonly model: Tokenizer };

/** @throws PonderError `model-no-infill` when the model lacks the form's tokens or template */
export function infillTokens(vocabulary: Vocabulary, prompt: InfillPrompt, typed: string): Token[] {
  const { model } = vocabulary;
  const plain = (text: string): Token[] => tokenizeRuns([{ text }], model);
  // What is typed is tokenised on its own, so that a key changes nothing before it.
  return [...openingTokens(vocabulary, prompt, plain), ...plain(typed)];
}

function openingTokens({ holes, template, model }: Vocabulary, prompt: InfillPrompt, plain: (text: string) => Token[]): Token[] {
  if (prompt.form === 'chat') {
    if (!template) throw new PonderError('model-no-infill', 'The model has no chat template.');
    return [...tokenizeRuns(withoutThought(template.render({ messages: prompt.messages, thinking: false })), model), ...plain(prompt.opening)];
  }
  if (!holes) throw new PonderError('model-no-infill', 'The model has no infill tokens.');
  const { prefix, suffix } = prompt;
  const hole = [holes.prefix, ...plain(prefix), holes.suffix, ...plain(suffix), holes.middle];
  return prompt.form === 'file' ? hole : [...repositoryTokens(holes, prompt, plain), ...hole];
}

function repositoryTokens({ repository: tokens }: HoleTokens, prompt: InfillPrompt & { form: 'repository' }, plain: (text: string) => Token[]): Token[] {
  if (!tokens) throw new PonderError('model-no-infill', 'The model has no tokens for a repository.');
  const { repository, files, path } = prompt;
  return [
    tokens.name,
    ...plain(`${repository}\n`),
    ...files.flatMap((file) => [tokens.file, ...plain(`${file.path}\n${file.content.replace(/\n$/, '')}\n`)]),
    tokens.file,
    ...plain(`${path}\n`),
  ];
}

/** A thought must never become code: where the template has opened one all the same, it is closed. */
function withoutThought(runs: readonly Run[]): Run[] {
  if (promptEnding(runs) !== 'thought-open') return [...runs];
  // The template's line end and ours are one text, as they would be had it closed the thought itself.
  const last = runs.at(-1);
  const begun = last && 'text' in last ? last.text : '';
  return [...runs.slice(0, begun === '' ? undefined : -1), { text: `${begun}\n` }, { special: '</think>' }, { text: '\n\n' }];
}
