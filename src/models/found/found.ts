/** Models that are on this computer already, wherever they came from. They are used where they lie: read only, no copy. */
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

export const places = ['ponder', 'folder', 'huggingface', 'lmstudio', 'ollama'] as const;
export type Place = (typeof places)[number];

export interface FoundModel {
  /** Absolute path of the GGUF file; of one in several parts, the first. */
  readonly path: string;
  /** "Qwen3-4B-Q4_K_M", "qwen3:4b". */
  readonly name: string;
  readonly place: Place;
  /** Of all parts, bytes. */
  readonly size: number;
}

/** Below a folder, so far down. Nobody keeps models deeper, and a home folder must not be walked through. */
const depth = 5;
/** Per place. */
const mostModels = 200;

/**
 * GGUF files in and below a folder, that are whole. What cannot be read is not there.
 * @param nameOf from the path within the folder
 */
export async function ggufBelow(folder: string, place: Place, nameOf: (relative: string) => string = baseOf): Promise<FoundModel[]> {
  const files = await filesBelow(folder, depth);
  const models: FoundModel[] = [];
  for (const file of files) {
    if (models.length >= mostModels) break;
    const size = await wholeSize(file);
    if (size !== undefined && (await isGguf(file))) models.push({ path: file, name: nameOf(path.relative(folder, file)), place, size });
  }
  return models;
}

export async function isGguf(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return bytesRead === 4 && buffer.toString('latin1') === 'GGUF';
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

/** Of all parts; undefined for a later part, and where one is missing. */
async function wholeSize(file: string): Promise<number | undefined> {
  const [, stem, index, count] = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i.exec(file) ?? [];
  if (stem === undefined || count === undefined) return sizeOf(file);
  if (index !== '00001') return undefined;
  const sizes = await Promise.all(Array.from({ length: Number(count) }, (_, part) => sizeOf(`${stem}-${String(part + 1).padStart(5, '0')}-of-${count}.gguf`)));
  return sizes.reduce<number | undefined>((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
}

export async function sizeOf(file: string): Promise<number | undefined> {
  // Follows links: Hugging Face's cache has nothing else.
  return stat(file).then((found) => (found.isFile() ? found.size : undefined), () => undefined);
}

/** Vision parts and the like are no models by themselves. */
function mayBeModel(name: string): boolean {
  return /\.gguf$/i.test(name) && !/^mmproj/i.test(name);
}

async function filesBelow(folder: string, levels: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const lists = await Promise.all(
    entries
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry) => {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) return levels > 0 ? filesBelow(full, levels - 1) : [];
        return mayBeModel(entry.name) ? [full] : [];
      }),
  );
  return lists.flat();
}

function baseOf(relative: string): string {
  return path.basename(relative).replace(/(-00001-of-\d{5})?\.gguf$/i, '');
}
