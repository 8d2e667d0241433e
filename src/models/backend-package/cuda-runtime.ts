/**
 * The CUDA runtime and cuBLAS, which llama.cpp's CUDA libraries link to and which neither they nor the driver bring: they
 * come with NVIDIA's CUDA Toolkit, or with packages of the system.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Versions that the binaries are built for: the newest in the one package, the one before in the other. */
export const cudaVersions = [13, 12] as const;

type Environment = Readonly<Record<string, string | undefined>>;

export interface RuntimeSearch {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  /** Names in a folder; none where it cannot be read. */
  readonly list?: (folder: string) => Promise<readonly string[]>;
}

/** The versions found whole where libraries usually are, newest first. None found is no proof that there is none. */
export async function findCudaRuntime({ platform, env, list = listFolder }: RuntimeSearch): Promise<number[]> {
  const folders = platform === 'win32' ? await windowsFolders(env, list) : await linuxFolders(env, list);
  const names = new Set((await Promise.all(folders.map(list))).flat());
  const libraries = platform === 'win32' ? (version: number) => [`cudart64_${String(version)}.dll`, `cublas64_${String(version)}.dll`] : (version: number) => [`libcudart.so.${String(version)}`, `libcublas.so.${String(version)}`];
  return cudaVersions.filter((version) => libraries(version).every((name) => names.has(name)));
}

async function linuxFolders(env: Environment, list: (folder: string) => Promise<readonly string[]>): Promise<string[]> {
  const toolkits = (await list('/usr/local')).filter((name) => name.startsWith('cuda')).map((name) => `/usr/local/${name}`);
  const homes = [...(env['CUDA_PATH'] ? [env['CUDA_PATH']] : []), ...toolkits, '/opt/cuda'];
  return [
    ...(env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== ''),
    ...['/usr/lib', '/usr/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/wsl/lib'],
    ...homes.flatMap((home) => [`${home}/lib64`, `${home}/targets/x86_64-linux/lib`]),
  ];
}

async function windowsFolders(env: Environment, list: (folder: string) => Promise<readonly string[]>): Promise<string[]> {
  const toolkits = path.win32.join(env['ProgramFiles'] ?? 'C:\\Program Files', 'NVIDIA GPU Computing Toolkit', 'CUDA');
  const homes = [...(env['CUDA_PATH'] ? [env['CUDA_PATH']] : []), ...(await list(toolkits)).map((name) => path.win32.join(toolkits, name))];
  return [
    ...(env['PATH'] ?? env['Path'] ?? '').split(';').filter((folder) => folder !== ''),
    // CUDA 13 has them a folder further down.
    ...homes.flatMap((home) => [path.win32.join(home, 'bin'), path.win32.join(home, 'bin', 'x64')]),
  ];
}

async function listFolder(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
