/** Keystroke traces: how somebody types a function into a source file. `bench/traces/generate.mjs` writes them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

/** What happens so many milliseconds after the event before. */
export type TraceEvent =
  /** A key that types the function's next units: one, or a line end with the next line's indentation. */
  | readonly [after: number, kind: 'type', units: number]
  /** A key that types what does not belong there. */
  | readonly [after: number, kind: 'wrong', text: string]
  /** A key that deletes so many units before the cursor. */
  | readonly [after: number, kind: 'back', units: number]
  /** To the end of another line, so many above (negative) or below the function. */
  | readonly [after: number, kind: 'go', lines: number]
  /** A key that types elsewhere. */
  | readonly [after: number, kind: 'insert', text: string]
  /** Back to the function. */
  | readonly [after: number, kind: 'return']
  /** Takes what is shown if it is what comes next. */
  | readonly [after: number, kind: 'accept'];

/** It holds no text of the function: most of the files are other people's. */
export interface Trace {
  /** Of the source file, relative to the repository. */
  readonly path: string;
  /** VS Code's language id. */
  readonly language: string;
  /** One step of the file's indentation. */
  readonly indent: string;
  /** Of the function; no other line of the file is like it. */
  readonly firstLine: string;
  /** Of the function, UTF-16 units. */
  readonly length: number;
  /** Of the function. */
  readonly sha256: string;
  readonly events: readonly TraceEvent[];
}

/** A trace and the text that it is typed into. */
export interface Task extends Trace {
  readonly before: string;
  /** What is to be typed. */
  readonly target: string;
  readonly after: string;
}

const folder = path.join(root, 'bench/traces');

/** Every trace, smallest file first. @throws Error when a file has changed where its trace types */
export function readTasks(): Task[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names
    .map((name) => taskOf(JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Trace))
    .toSorted((a, b) => a.before.length + a.after.length - b.before.length - b.after.length);
}

function taskOf(trace: Trace): Task {
  return fit(trace, readFileSync(path.join(root, trace.path), 'utf8'));
}

/** @throws Error when the source has changed where the trace types */
export function fit(trace: Trace, source: string): Task {
  const { firstLine, length, sha256 } = trace;
  const at = `\n${source}`.indexOf(`\n${firstLine}\n`);
  const target = at < 0 ? '' : source.slice(at, at + length);
  if (createHash('sha256').update(target).digest('hex') !== sha256) {
    throw new Error(`${trace.path} no longer has the function that its trace types ("${firstLine.trim()}"). Run: node bench/traces/generate.mjs`);
  }
  return { ...trace, before: source.slice(0, at), target, after: source.slice(at + length) };
}

export function linesOf({ before, target, after }: Task): number {
  return (before + target + after).split('\n').length - 1;
}
