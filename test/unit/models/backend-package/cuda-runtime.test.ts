import { describe, expect, it } from 'vitest';
import { findCudaRuntime } from '../../../../src/models/backend-package/cuda-runtime.ts';

/** A machine with these files. */
function machine(...files: readonly string[]): (folder: string) => Promise<readonly string[]> {
  return (folder) => {
    const inside = files.filter((file) => file.startsWith(`${folder}/`) || file.startsWith(`${folder}\\`));
    return Promise.resolve([...new Set(inside.map((file) => file.slice(folder.length + 1).split(/[\\/]/)[0] ?? ''))]);
  };
}

describe('the CUDA runtime', () => {
  it('is found in a toolkit, among the system’s libraries and where the environment says', async () => {
    const toolkit = ['/usr/local/cuda-13.0/targets/x86_64-linux/lib/libcudart.so.13', '/usr/local/cuda-13.0/targets/x86_64-linux/lib/libcublas.so.13'];
    expect(await findCudaRuntime({ platform: 'linux', env: {}, list: machine(...toolkit) })).toEqual([13]);
    const system = ['/usr/lib/x86_64-linux-gnu/libcudart.so.12', '/usr/lib/x86_64-linux-gnu/libcublas.so.12'];
    expect(await findCudaRuntime({ platform: 'linux', env: {}, list: machine(...system, ...toolkit) })).toEqual([13, 12]);
    const elsewhere = ['/nix/lib/libcudart.so.12', '/nix/lib/libcublas.so.12'];
    expect(await findCudaRuntime({ platform: 'linux', env: { LD_LIBRARY_PATH: '/x:/nix/lib' }, list: machine(...elsewhere) })).toEqual([12]);
  });

  it('counts only where cuBLAS is there too, and of a version that the binaries are built for', async () => {
    expect(await findCudaRuntime({ platform: 'linux', env: {}, list: machine('/usr/lib/libcudart.so.13') })).toEqual([]);
    expect(await findCudaRuntime({ platform: 'linux', env: {}, list: machine('/usr/lib/libcudart.so.11', '/usr/lib/libcublas.so.11') })).toEqual([]);
  });

  it('is found on Windows, in a toolkit and in the PATH', async () => {
    const toolkit = 'C:\\Program Files\\NVIDIA GPU Computing Toolkit\\CUDA\\v13.0\\bin\\x64';
    const files = [`${toolkit}\\cudart64_13.dll`, `${toolkit}\\cublas64_13.dll`, 'D:\\cuda\\cudart64_12.dll', 'D:\\cuda\\cublas64_12.dll'];
    expect(await findCudaRuntime({ platform: 'win32', env: {}, list: machine(...files) })).toEqual([13]);
    expect(await findCudaRuntime({ platform: 'win32', env: { Path: 'C:\\x;D:\\cuda' }, list: machine(...files) })).toEqual([13, 12]);
  });
});
