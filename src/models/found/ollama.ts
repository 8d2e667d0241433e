/** Ollama's models: a manifest for each name, whose layers are files called by their hashes. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { isGguf, sizeOf, type FoundModel } from './found.ts';

const manifest = v.object({ layers: v.array(v.object({ mediaType: v.string(), digest: v.pipe(v.string(), v.regex(/^sha256[:-][0-9a-f]{64}$/)) })) });

/** @param folder with `manifests` and `blobs` in it */
export async function ollamaModels(folder: string): Promise<FoundModel[]> {
  const roots = ['manifests', 'manifest-v2'].map((name) => path.join(folder, name));
  const models: FoundModel[] = [];
  for (const root of roots) {
    for (const file of await filesIn(root)) {
      const blob = await modelOf(file);
      const full = blob && path.join(folder, 'blobs', blob.replace(':', '-'));
      const size = full === undefined ? undefined : await sizeOf(full);
      if (full === undefined || size === undefined || !(await isGguf(full))) continue;
      if (models.every((other) => other.path !== full)) models.push({ path: full, name: nameOf(path.relative(root, file)), place: 'ollama', size });
    }
  }
  return models;
}

/** The layer that is the model itself; templates and adapters are others. */
async function modelOf(file: string): Promise<string | undefined> {
  try {
    const { layers } = v.parse(manifest, JSON.parse(await readFile(file, 'utf8')));
    return layers.find(({ mediaType }) => mediaType === 'application/vnd.ollama.image.model')?.digest;
  } catch {
    return undefined;
  }
}

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isFile() ? [path.join(entry.parentPath, entry.name)] : [])).toSorted();
}

/** registry.ollama.ai/library/qwen3/4b is "qwen3:4b" to its users. */
function nameOf(relative: string): string {
  const parts = relative.split(path.sep);
  const [model = '', tag = ''] = parts.slice(-2);
  const owner = parts.at(-3);
  return `${owner === undefined || owner === 'library' ? '' : `${owner}/`}${model}:${tag}`;
}
