/** Definitions in code, told by their first lines. Pure. */

const keyword = /^\s*(?:[\w@]+\s+)*?(?:function|class|interface|enum|struct|trait|impl|def|fn|func|fun|module|namespace|type|record)\b\s*\*?\s*(?:<[^>]*>\s*)?(?:\([^)]*\)\s*)?([\w$]+)/;
const variable = /^\s*(?:export\s+)?(?:const|let|var|val)\s+([\w$]+)\s*(?::[^=]*)?=/;
const method = /^\s*(?:(?:public|private|protected|internal|static|async|override|readonly|final|abstract|virtual|get|set)\s+)*(?:\*\s*)?([\w$#]+)\s*(?:<[^>]*>)?\([^;]*\)\s*(?::[^;{]+)?\{\s*$/;
const notNames = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'return', 'function', 'else']);

/** The name that a line begins to define. */
export function defined(line: string): string | undefined {
  const name = keyword.exec(line)?.[1] ?? variable.exec(line)?.[1] ?? method.exec(line)?.[1];
  return name === undefined || notNames.has(name) ? undefined : name;
}
