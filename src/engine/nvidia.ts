/** Whether there is an NVIDIA GPU with its driver: told by files and names, since asking the driver can take seconds. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** @param names of GPUs, as a backend that was obtained gives them */
export function hasNvidia(names: readonly string[] = [], exists: (file: string) => boolean = existsSync, platform: NodeJS.Platform = process.platform): boolean {
  if (names.some((name) => /\b(nvidia|geforce|quadro|tesla)\b/i.test(name))) return true;
  if (platform === 'linux') {
    // The second is where the driver of Windows is under WSL.
    return exists('/proc/driver/nvidia/version') || (exists('/dev/dxg') && exists('/usr/lib/wsl/lib/libcuda.so.1'));
  }
  return platform === 'win32' && exists(path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvcuda.dll'));
}
