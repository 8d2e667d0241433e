/** The commands about code: what they are about, what is asked of the model, and where the answer goes. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Attachment } from '../../context/attachment.ts';
import type { ContextItem, Given } from '../../context/item.ts';
import { problemLine, problemText } from '../../context/problem-line.ts';
import { mayRead } from '../../context/vscode/may-read.ts';
import type { ReadableFiles } from '../../context/vscode/readable-files.ts';
import type { CommandTable } from '../../host/commands.ts';
import { documentInstruction, explainProblemQuestion, explainQuestion, fixInstruction, testsInstruction } from '../instructions.ts';
import type { Target } from '../target.ts';
import { actionArgument, type ActionArgument } from './argument.ts';
import type { EditFlow } from './edit-flow.ts';
import { codeItem, editorOf, findTarget, isOfUser, wholeLines, type Place, type Where } from './find-target.ts';
import type { KnowledgeLimits } from './knowledge.ts';
import { problemsAt, problemsIn } from './problems.ts';
import { asTyped, pickRefactoring } from './refactor-menu.ts';
import { testTarget } from './test-target.ts';
import { isWritable } from './writable.ts';

export interface CodeCommandsOptions {
  readonly flow: Pick<EditFlow, 'run' | 'stop'>;
  readonly files: Pick<ReadableFiles, 'read'>;
  readonly knowledge: (target: Target, limits: KnowledgeLimits) => Promise<readonly ContextItem[]>;
  /** Marks the lines that are meant. */
  readonly show: (place: Place) => void;
  readonly ask: (question: string, given: Given) => Promise<void>;
  readonly attach: (attachments: readonly Attachment[]) => Promise<void>;
}

export type CodeCommand =
  | 'ponder.explain'
  | 'ponder.refactor'
  | 'ponder.fix'
  | 'ponder.document'
  | 'ponder.writeTests'
  | 'ponder.askAboutSelection'
  | 'ponder.explainProblem'
  | 'ponder.stopEdit';

/** With a question: what is known goes along as far as there is room. */
const whenExplaining: KnowledgeLimits = { tokens: 2000, ms: 1500 };
/** With problems: types and definitions that they are about, and no more to read than that. */
const whenFixing: KnowledgeLimits = { tokens: 600, ms: 1000 };
/** Around a problem in a large function, or in none. */
const linesAround = 30;

/** All take an `ActionArgument`. */
export function codeCommands(options: CodeCommandsOptions): Pick<CommandTable, CodeCommand> {
  const { flow, files, knowledge, ask, attach } = options;

  /** Undefined where there is none, or it may not be read; the user knows why then. */
  const placeOf = async (where: Where, { edit = false, asks = true } = {}): Promise<Place | undefined> => {
    const found = await findTarget(where);
    if ('problem' in found) return say(found.problem);
    if (edit && !(await isWritable(found.document))) return say(l10n.t('{0} cannot be changed: it is read-only.', found.target.path));
    if (asks && !(await mayRead(found.document.uri, l10n.t('Read anyway')))) return undefined;
    options.show(found);
    return found;
  };

  const explain = async (argument: ActionArgument): Promise<void> => {
    const place = await placeOf(argument);
    if (!place) return;
    const { target } = place;
    const automatic = await knowledge(target, whenExplaining);
    await ask(withMore(explainQuestion(target, vscode.env.language), argument), { items: [codeItem(target)], automatic, leftOut: [] });
  };

  const refactor = async (argument: ActionArgument): Promise<void> => {
    const place = await placeOf(argument, { edit: true });
    if (!place) return;
    const { instruction = '' } = argument;
    const chosen = instruction.trim() === '' ? await pickRefactoring(place.label) : asTyped(instruction);
    if (!chosen) return;
    const { target, label } = place;
    await flow.run({ progress: l10n.t('Refactoring {0}', label), title: l10n.t('Refactor: {0}', chosen.title), target, instruction: chosen.instruction, items: [] });
  };

  const fix = async (argument: ActionArgument): Promise<void> => {
    const editor = editorOf(argument.uri);
    const uri = argument.uri ?? editor?.document.uri;
    const asked = argument.range ?? editor?.selection;
    const selection = editor && !editor.selection.isEmpty && (!argument.range || editor.selection.contains(argument.range)) ? editor.selection : undefined;
    let problems = uri && asked && isOfUser(uri) ? (argument.range ? problemsIn(uri, asked) : selection ? problemsIn(uri, touched(asked)) : problemsAt(uri, asked.start)) : [];
    const place = await placeOf(
      selection ? { uri, range: selection } : { uri, ...(asked ? { range: new vscode.Range(asked.start, asked.start) } : {}), holding: problems.map(({ range }) => range) },
      { edit: true },
    );
    if (!place) return;
    const { target, document, label } = place;
    // At the caret is none: what it stands in may have some.
    if (problems.length === 0 && !selection) problems = problemsIn(document.uri, rangeOf(target));
    if (problems.length === 0) {
      const other = l10n.t('Refactor…');
      if ((await vscode.window.showInformationMessage(l10n.t('There are no errors or warnings in {0}.', label), other)) === other) await refactor(argument);
      return;
    }
    const lines = problems.map((problem) => problemLine(target.path, problem));
    const within = { start: Math.min(...problems.map(({ range }) => range.start.line)), end: Math.max(...problems.map(({ range }) => range.end.line)) + 1 };
    // The problems themselves are in the instruction.
    const items = (await knowledge(target, { ...whenFixing, within })).filter(({ kind }) => kind !== 'problems');
    await flow.run({
      progress: l10n.t('Fixing {0}', label),
      title: l10n.t('Fix: {0}', problems.slice(0, 3).map(({ message }) => message.split('\n', 1)[0] ?? '').join('; ')),
      target,
      instruction: withMore(fixInstruction(lines), argument),
      items,
    });
  };

  const document = async (argument: ActionArgument): Promise<void> => {
    const place = await placeOf(argument, { edit: true });
    if (!place) return;
    const { target, label } = place;
    await flow.run({ progress: l10n.t('Documenting {0}', label), title: l10n.t('Document: {0}', label), target, instruction: withMore(documentInstruction(), argument), items: [] });
  };

  const writeTests = async (argument: ActionArgument): Promise<void> => {
    const place = await placeOf(argument);
    if (!place) return;
    const tests = await testTarget(place, files);
    if ('problem' in tests) return say(tests.problem);
    const { target, items, example } = tests;
    await flow.run({
      progress: l10n.t('Writing tests for {0}', place.label),
      title: l10n.t('Tests: {0}', place.label),
      target,
      instruction: withMore(testsInstruction(place.target, tests.place, example), argument),
      items,
    });
  };

  const askAboutSelection = async (argument: ActionArgument): Promise<void> => {
    // The composer asks itself where a file looks as if it held secrets.
    const place = await placeOf(argument, { asks: false });
    if (!place) return;
    const { target, label, document: { uri } } = place;
    const item = codeItem(target);
    if (item.kind === 'selection' || item.kind === 'symbol') await attach([{ kind: item.kind, uri: uri.toString(), label, item }]);
    else await attach([{ kind: 'file', uri: uri.toString() }]);
  };

  const explainProblem = async (argument: ActionArgument): Promise<void> => {
    const editor = editorOf(argument.uri);
    const uri = argument.uri ?? editor?.document.uri;
    const asked = argument.range ?? editor?.selection;
    const problems = uri && asked && isOfUser(uri) ? (argument.range ? problemsIn(uri, asked) : problemsAt(uri, asked.start)) : [];
    const problem = problems.find(({ range: exact }) => asked && exact.isEqual(asked)) ?? problems[0];
    if (!problem) return say(l10n.t('There is no error or warning at the caret.'));
    const { range } = problem;
    const place = await placeOf({ uri, range: new vscode.Range(range.start, range.start), holding: [range] });
    if (!place) return;
    const target = near(place.target, range);
    const question = explainProblemQuestion(problemText(problem), target.path, range.start.line + 1, vscode.env.language);
    const automatic = await knowledge(target, whenExplaining);
    await ask(withMore(question, argument), { items: [codeItem(target)], automatic, leftOut: [] });
  };

  const taking = (run: (argument: ActionArgument) => Promise<void>) => (argument: unknown) => run(actionArgument(argument));
  return {
    'ponder.explain': taking(explain),
    'ponder.refactor': taking(refactor),
    'ponder.fix': taking(fix),
    'ponder.document': taking(document),
    'ponder.writeTests': taking(writeTests),
    'ponder.askAboutSelection': taking(askAboutSelection),
    'ponder.explainProblem': taking(explainProblem),
    'ponder.stopEdit': () => flow.stop(),
  };
}

function say(sentence: string): undefined {
  void vscode.window.showInformationMessage(sentence);
  return undefined;
}

/** With what the user has to say besides. */
function withMore(text: string, { instruction = '' }: ActionArgument): string {
  return instruction.trim() === '' ? text : `${text}\n\n${instruction.trim()}`;
}

/** All of the lines of a selection. */
function touched(range: vscode.Range): vscode.Range {
  const { start, end } = wholeLines(range);
  return new vscode.Range(start, 0, end - 1, Number.MAX_SAFE_INTEGER);
}

function rangeOf({ start, end }: Target): vscode.Range {
  return new vscode.Range(start, 0, end - 1, Number.MAX_SAFE_INTEGER);
}

/** As much of a large target as is around a problem. */
function near(target: Target, { start, end }: vscode.Range): Target {
  return { ...target, start: Math.max(target.start, start.line - linesAround), end: Math.min(target.end, end.line + 1 + linesAround) };
}
