/** What is to be downloaded, and where its files go. Pure. */
import path from 'node:path';
import * as v from 'valibot';
import { partsOf } from './hub.ts';

/** Parts of one model. */
const mostParts = 200;

const repository = v.pipe(v.string(), v.regex(/^[\w.-]{1,100}\/[\w.-]{1,200}$/));

/** A model at one quantisation. It is read back from disk, so nothing in it may lead out of the folder. */
export const wantedSchema = v.object({
  /** Of the model; names its folder. */
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i)),
  /** As people call it. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** By kind of hub, "Qwen/Qwen3-4B-GGUF"; absent: it has none. */
  repositories: v.object({ huggingface: v.optional(repository), modelscope: v.optional(repository) }),
  /** Within the repository; of several parts, the first. */
  path: v.pipe(
    v.string(),
    v.maxLength(400),
    v.regex(/^[^\\:*?"<>|\0/]+(\/[^\\:*?"<>|\0/]+)*\.gguf$/),
    v.check((file) => !file.split('/').some((part) => part === '..' || part === '.') && partsOf(file).length <= mostParts),
  ),
});

export type Wanted = Readonly<v.InferOutput<typeof wantedSchema>>;

/** Paths within the repository, each with the absolute path that it gets. */
export function placesOf(folder: string, { id, path: first }: Wanted): { readonly path: string; readonly target: string }[] {
  return partsOf(first).map((part) => ({ path: part, target: path.join(folder, id, path.posix.basename(part)) }));
}

/** The first file's, which also names the download. */
export function targetOf(folder: string, { id, path: first }: Wanted): string {
  return path.join(folder, id, path.posix.basename(first));
}
