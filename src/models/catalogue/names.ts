/** What models are called. Apart from the catalogue, because a file's name is looked at before anything of it is needed. */

interface Named {
  readonly name: string;
  readonly names: readonly string[];
  readonly files: readonly { readonly parts: readonly { readonly path: string }[] }[];
}

/** All that a model goes by. */
export function keysOf({ name, names, files }: Named): string[] {
  return [name, ...names, ...files.flatMap(({ parts }) => parts.map(({ path }) => stemOf(path)))].map(keyOf);
}

/** The name of the file without what says how it was made: quantisation, part, and the owner that some put in front. */
export function stemOf(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? '')
    .replace(/\.gguf$/i, '')
    .replace(/-\d{5}-of-\d{5}$/, '')
    .replace(/[-._](?:UD-)?(?:I?Q\d\w*|BF16|F16|F32)$/i, '')
    .replace(/^(?:qwen|unsloth)_/i, '');
}

/** Spelling apart. */
export function keyOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^-|-$/g, '');
}
