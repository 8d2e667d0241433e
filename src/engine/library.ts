import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Version of node-llama-cpp, "unknown" if its manifest says none. */
export function libraryVersion(): string {
  const entry = createRequire(import.meta.url).resolve('node-llama-cpp');
  const manifest: unknown = JSON.parse(readFileSync(entry.replace(/dist[\\/]index\.js$/, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}
