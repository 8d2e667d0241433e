import { defineConfig } from 'vitest/config';
import { readFile } from 'node:fs/promises';

/** Prompts are plain `.md` files; esbuild bundles them as text, and so do the tests. */
const markdownAsText = {
  name: 'markdown-as-text',
  enforce: 'pre' as const,
  async load(id: string): Promise<string | undefined> {
    if (!id.endsWith('.md')) return undefined;
    return `export default ${JSON.stringify(await readFile(id, 'utf8'))};`;
  },
};

const base = { plugins: [markdownAsText], oxc: false as const, esbuild: { jsx: 'automatic' as const, jsxImportSource: 'preact' } };

export default defineConfig({
  test: {
    projects: [
      { ...base, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], testTimeout: 60_000 } },
      {
        ...base,
        test: {
          name: 'model',
          globalSetup: ['test/model/support/build.ts'],
          include: ['test/model/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each file forks engines of its own; two cores hold one at a time.
          fileParallelism: false,
        },
      },
    ],
  },
});
