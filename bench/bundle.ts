import { statSync } from 'node:fs';
import path from 'node:path';
import { root } from '../scripts/lib/paths.mjs';
import type { Suite } from './row.ts';

const name = 'bundle.extension.kb';

/** The size on disk of what VS Code loads at activation, from the production build made just before. KB is 1000 bytes. */
export const bundle: Suite = {
  rows: [{ name, unit: 'KB', target: { relation: '<', value: 300 } }],
  needs: [],
  async *measure() {
    const { size } = statSync(path.join(root, 'dist/extension.cjs'));
    yield await Promise.resolve({ row: name, value: size / 1000, note: `dist/extension.cjs, ${String(size)} bytes, production build` });
  },
};
