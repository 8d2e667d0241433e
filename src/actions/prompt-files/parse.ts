/** Prompt files, VS Code's `*.prompt.md`: front matter in YAML, then what is asked, in Markdown. Pure. */
import * as v from 'valibot';

export interface PromptFile {
  /** One word, as it stands behind a slash. */
  readonly name: string;
  readonly description?: string;
  /** What may follow the name. */
  readonly hint?: string;
  /** A question for the chat, or a change of the code in front. */
  readonly mode: 'ask' | 'edit';
  readonly body: string;
  /** Fields that mean nothing here: "tools". */
  readonly unsupported: readonly string[];
  /** Written for an agent; asked as a question all the same. */
  readonly forAgent: boolean;
  /** What is wrong with it, in English; it cannot be run then. */
  readonly problem?: string;
}

const ending = /\.prompt\.md$/i;
const word = v.pipe(v.string(), v.trim(), v.maxLength(64));
const line = v.pipe(v.string(), v.trim(), v.maxLength(1000));
const frontMatter = v.looseObject({
  name: v.optional(word),
  description: v.optional(line),
  'argument-hint': v.optional(line),
  mode: v.optional(word),
  agent: v.optional(word),
});
const known = ['name', 'description', 'argument-hint', 'mode', 'agent'];

/** @param fileName its last part: "review.prompt.md" */
export async function parsePromptFile(fileName: string, source: string): Promise<PromptFile> {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const plain = { name: nameFrom(fileName.replace(ending, '')), mode: 'ask', unsupported: [], forAgent: false } as const;
  const [opening] = /^---[ \t]*\n/.exec(text) ?? [];
  if (opening === undefined) return { ...plain, body: text.trim() };
  const close = /^---[ \t]*$/m.exec(text.slice(opening.length));
  if (!close) return { ...plain, body: '', problem: 'The front matter has no end: a line "---" is missing.' };
  const head = text.slice(opening.length, opening.length + close.index);
  const body = text.slice(opening.length + close.index + close[0].length).trim();
  const fields = await readYaml(head);
  if ('problem' in fields) return { ...plain, body, problem: fields.problem };
  if (Array.isArray(fields.value)) return { ...plain, body, problem: 'The front matter is a list, not fields with names.' };
  const parsed = v.safeParse(frontMatter, fields.value ?? {});
  if (!parsed.success) return { ...plain, body, problem: v.summarize(parsed.issues).split('\n')[0] ?? 'The front matter has a field of the wrong type.' };
  const { name, description, 'argument-hint': hint, mode, agent } = parsed.output;
  const way = (agent ?? mode ?? 'ask').toLowerCase();
  return {
    name: nameFrom(name ?? '') || plain.name,
    ...(description ? { description: oneLine(description) } : {}),
    ...(hint ? { hint: oneLine(hint) } : {}),
    mode: way === 'edit' ? 'edit' : 'ask',
    body,
    unsupported: Object.keys(parsed.output).filter((key) => !known.includes(key)),
    forAgent: way !== 'ask' && way !== 'edit',
    ...(body === '' ? { problem: 'Nothing is asked in it.' } : {}),
  };
}

/** The reader of YAML is loaded with the first front matter: most windows need none. */
async function readYaml(text: string): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  const { parse } = await import('yaml');
  try {
    // Aliases could make a small file a large one.
    return { value: parse(text, { maxAliasCount: 0, logLevel: 'error' }) };
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problem: first.replace(/:$/, '') };
  }
}

/** "Review this" as "review-this": a name ends at a space, and a slash would make it a path. */
function nameFrom(text: string): string {
  return text
    .trim()
    .replace(/[\s/\\]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
