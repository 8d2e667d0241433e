/** Definitions in code, told by their first lines and by indentation. Pure. */
import type { Lines } from '../lines.ts';

const keyword = /^\s*(?:[\w@]+\s+)*?(?:function|class|interface|enum|struct|trait|impl|def|fn|func|fun|module|namespace|type|record)\b\s*\*?\s*(?:<[^>]*>\s*)?(?:\([^)]*\)\s*)?([\w$]+)/;
const variable = /^\s*(?:export\s+)?(?:const|let|var|val)\s+([\w$]+)\s*(?::[^=]*)?=/;
const method = /^\s*(?:(?:public|private|protected|internal|static|async|override|readonly|final|abstract|virtual|get|set)\s+)*(?:\*\s*)?([\w$#]+)\s*(?:<[^>]*>)?\([^;]*\)\s*(?::[^;{]+)?\{\s*$/;
const notNames = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'return', 'function', 'else']);

/** The name that a line begins to define. */
export function defined(line: string): string | undefined {
  const name = keyword.exec(line)?.[1] ?? variable.exec(line)?.[1] ?? method.exec(line)?.[1];
  return name === undefined || notNames.has(name) ? undefined : name;
}

export function indentation(line: string): number {
  return line.length - line.trimStart().length;
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** Behind the last line of what begins at `start`: lines further in, and the brackets that close it. */
export function endOfBlock(lines: Lines, start: number): number {
  const depth = indentation(lines[start] ?? '');
  let end = start + 1;
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (isBlank(line) || indentation(line) > depth) {
      if (!isBlank(line)) end = at + 1;
      continue;
    }
    if (indentation(line) < depth || !/^(?:[)\]}]|end\b|\{\s*$)/.test(line.trim())) break;
    end = at + 1;
    // A list of parameters or a bracket of its own line ends, and the body begins.
    if (!/[{([:]\s*$/.test(line)) break;
  }
  return end;
}

/** Where comments and decorators begin that stand right above a line. */
export function startOfLead(lines: Lines, at: number): number {
  let start = at;
  while (start > 0 && /^\s*(?:\/\/|\/\*|\*|#|@|"""|--|\[)/.test(lines[start - 1] ?? '')) start--;
  return start;
}
