/** Variables of prompt files: `${selection}`, `${input:name:placeholder}`. Pure. */

/** Those that the editor and the workspace give a value to. */
export const editorVariables = [
  'selection',
  'selectedText',
  'file',
  'relativeFile',
  'fileBasename',
  'fileBasenameNoExtension',
  'fileDirname',
  'workspaceFolder',
  'workspaceFolderBasename',
  'language',
  'diagnostics',
] as const;
export type EditorVariable = (typeof editorVariables)[number];

export interface InputVariable {
  readonly name: string;
  readonly placeholder: string;
}

const pattern = /\$\{(?:input:([^{}:\n]+)(?::([^{}\n]*))?|([A-Za-z]+))\}/g;

/** Each input once, in the order of the text. */
export function inputsOf(body: string): readonly InputVariable[] {
  const found = new Map<string, InputVariable>();
  for (const [, input, placeholder = ''] of body.matchAll(pattern)) {
    const name = input?.trim();
    if (name !== undefined && !found.has(name)) found.set(name, { name, placeholder: placeholder.trim() });
  }
  return [...found.values()];
}

export function editorVariablesOf(body: string): ReadonlySet<EditorVariable> {
  const names = new Set([...body.matchAll(pattern)].map(([, , , name]) => name));
  return new Set(editorVariables.filter((name) => names.has(name)));
}

export interface Values {
  readonly editor: Readonly<Partial<Record<EditorVariable, string>>>;
  readonly inputs: ReadonlyMap<string, string>;
}

/** In one pass: what a value brings in is text, whatever it spells. What is unknown stays as it stands. */
export function fillIn(body: string, { editor, inputs }: Values): string {
  return body.replace(pattern, (whole, input: string | undefined, _placeholder: unknown, name: string | undefined) => {
    if (input !== undefined) return inputs.get(input.trim()) ?? whole;
    const known = editorVariables.find((each) => each === name);
    return (known && editor[known]) ?? whole;
  });
}
