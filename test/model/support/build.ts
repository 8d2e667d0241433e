import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Model tests fork the engine as it ships, so it is bundled first. */
export function setup(): void {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
}
