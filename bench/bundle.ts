import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { activationList, root } from '../scripts/lib/paths.mjs';
import type { Suite } from './row.ts';

const name = 'bundle.extension.kb';

/** The size on disk of all that is read at activation, from the production build made just before. KB is 1000 bytes. */
export const bundle: Suite = {
  rows: [{ name, unit: 'KB', target: { relation: '<', value: 300 } }],
  needs: [],
  async *measure() {
    const files = JSON.parse(readFileSync(activationList, 'utf8')) as string[];
    const size = files.reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0);
    yield await Promise.resolve({ row: name, value: size / 1000, note: `dist/extension.cjs and the ${String(files.length - 1)} files that it reads at once, ${String(size)} bytes, production build` });
  },
};
