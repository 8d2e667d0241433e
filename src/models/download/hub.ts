/** Where model files come from: addresses of a hub, and what it says of the files of a repository. Pure. */
import * as v from 'valibot';

export const hubKinds = ['huggingface', 'modelscope'] as const;

/** A hub or a mirror of one. `url` without a slash at its end. */
export interface Endpoint {
  readonly kind: (typeof hubKinds)[number];
  readonly url: string;
}

export const endpoints = {
  huggingface: { kind: 'huggingface', url: 'https://huggingface.co' },
  hfMirror: { kind: 'huggingface', url: 'https://hf-mirror.com' },
  modelscope: { kind: 'modelscope', url: 'https://modelscope.cn' },
} as const satisfies Readonly<Record<string, Endpoint>>;

/** A file as its hub describes it. */
export interface HubFile {
  /** Within the repository. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Where a repository's files are listed. */
export function listAddress({ kind, url }: Endpoint, repository: string): string {
  const repo = escaped(repository);
  return kind === 'huggingface' ? `${url}/api/models/${repo}/tree/main?recursive=true` : `${url}/api/v1/models/${repo}/repo/files?Revision=master&Recursive=true`;
}

export function fileAddress({ kind, url }: Endpoint, repository: string, path: string): string {
  const branch = kind === 'huggingface' ? 'main' : 'master';
  const prefix = kind === 'huggingface' ? url : `${url}/models`;
  return `${prefix}/${escaped(repository)}/resolve/${branch}/${escaped(path)}`;
}

function escaped(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.toLowerCase(), v.regex(/^[0-9a-f]{64}$/));

const huggingFaceList = v.array(v.object({ path: v.string(), size: v.optional(size), lfs: v.optional(v.object({ oid: sha256, size })) }));
const modelScopeList = v.object({ Data: v.object({ Files: v.array(v.object({ Path: v.string(), Size: v.optional(size), Sha256: v.optional(v.string()) })) }) });

/**
 * The files whose bytes the hub vouches for; small ones that it keeps without a hash are not among them.
 * @throws ValiError where it is no such list
 */
export function readList({ kind }: Endpoint, json: unknown): HubFile[] {
  if (kind === 'huggingface') {
    return v.parse(huggingFaceList, json).flatMap(({ path, lfs }) => (lfs ? [{ path, size: lfs.size, sha256: lfs.oid }] : []));
  }
  return v.parse(modelScopeList, json).Data.Files.flatMap(({ Path, Size, Sha256 }) => {
    const hash = v.safeParse(sha256, Sha256);
    return Size !== undefined && hash.success ? [{ path: Path, size: Size, sha256: hash.output }] : [];
  });
}

/** All parts of a model that comes in several, in their order; of any other, itself. */
export function partsOf(path: string): string[] {
  const [, stem, count] = /^(.*)-00001-of-(\d{5})\.gguf$/.exec(path) ?? [];
  if (stem === undefined || count === undefined) return [path];
  return Array.from({ length: Number(count) }, (_, index) => `${stem}-${String(index + 1).padStart(5, '0')}-of-${count}.gguf`);
}
