/** What actions may be called with: by code actions, key bindings, other rooms. What a menu hands over says nothing. */
import * as v from 'valibot';
import * as vscode from 'vscode';

export interface ActionArgument {
  readonly uri?: vscode.Uri | undefined;
  /** Empty: a place. */
  readonly range?: vscode.Range | undefined;
  /** What to do, or what to mind besides. */
  readonly instruction?: string | undefined;
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const position = v.object({ line: whole, character: whole });
/** Also a range of VS Code's own, whose parts are read from it. */
const schema = v.object({
  uri: v.optional(v.union([v.custom<vscode.Uri>((uri) => uri instanceof vscode.Uri), v.pipe(v.string(), v.transform((text) => vscode.Uri.parse(text)))])),
  range: v.optional(v.pipe(v.object({ start: position, end: position }), v.transform(({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character)))),
  instruction: v.optional(v.pipe(v.string(), v.maxLength(10_000))),
});

/** What fits no type is as if nothing had been said. */
export function actionArgument(value: unknown): ActionArgument {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : {};
}
