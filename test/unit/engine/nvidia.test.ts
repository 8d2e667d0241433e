import { describe, expect, it } from 'vitest';
import { hasNvidia } from '../../../src/engine/nvidia.ts';

const files = (...there: readonly string[]) => (file: string): boolean => there.includes(file);

describe('a GPU of NVIDIA', () => {
  it('is known by the name that another backend gives it', () => {
    expect(hasNvidia(['AMD Radeon', 'NVIDIA GeForce RTX 4090'], files(), 'linux')).toBe(true);
    expect(hasNvidia(['Intel Arc', 'llvmpipe (LLVM 15)'], files(), 'linux')).toBe(false);
  });

  it('is known by its driver, also under WSL and on Windows', () => {
    expect(hasNvidia([], files('/proc/driver/nvidia/version'), 'linux')).toBe(true);
    expect(hasNvidia([], files('/dev/dxg', '/usr/lib/wsl/lib/libcuda.so.1'), 'linux')).toBe(true);
    expect(hasNvidia([], files('/dev/dxg'), 'linux')).toBe(false);
    expect(hasNvidia([], (file) => file.endsWith('System32\\nvcuda.dll'), 'win32')).toBe(true);
    expect(hasNvidia([], () => true, 'darwin')).toBe(false);
  });
});
