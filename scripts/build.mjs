// @ts-check
/**
 * Builds `dist/`. `--dev`: readable, with source maps. `--watch`: again at every change.
 * node-llama-cpp stays outside the bundles: it forks files of its own and finds its binaries by their place on disk.
 */
import { context, transform } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { copyGrammars } from './lib/grammars.mjs';
import { main, fileSize, say } from './lib/log.mjs';
import { activationList, cacheDir, root } from './lib/paths.mjs';

const dev = process.argv.includes('--dev');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !dev,
  // Stack traces in the log, and names in the engine's errors, stay readable.
  keepNames: true,
  sourcemap: dev ? 'linked' : false,
  legalComments: 'none',
  loader: { '.md': 'text', '.ttf': 'file' },
  metafile: true,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': dev ? '"development"' : '"production"' },
};

/** @type {import('esbuild').BuildOptions} */
const node = { ...common, platform: 'node', target: 'node20', external: ['vscode', 'node-llama-cpp'] };

/**
 * CommonJS packages inside an ESM bundle still ask `require` for Node's own modules.
 * @type {import('esbuild').BuildOptions}
 */
const esm = {
  ...node,
  format: 'esm',
  banner: { js: 'import { createRequire as ponderRequire } from "node:module"; globalThis.require ??= ponderRequire(import.meta.url);' },
};

/** @type {import('esbuild').BuildOptions} */
const webview = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome130',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  assetNames: '[name]',
};

/**
 * esbuild splits ES modules only, and VS Code starts a CommonJS extension faster: each chunk is translated. What is
 * imported with `import()` is then read when it is first asked for, and not at activation.
 * @type {import('esbuild').Plugin}
 */
const chunksInCommonJs = {
  name: 'chunks-in-commonjs',
  setup(build) {
    build.initialOptions.write = false;
    build.onEnd(async ({ errors, outputFiles = [], metafile }) => {
      if (errors.length > 0 || !metafile) return;
      await Promise.all(
        outputFiles.map(async (file) => {
          const { code } = await transform(file.text, { format: 'cjs', platform: 'node', target: 'node20', minify: !dev, sourcemap: dev ? 'inline' : false, supported: { 'dynamic-import': false } });
          await mkdir(path.dirname(file.path), { recursive: true });
          const { entryPoint = '' } = metafile.outputs[path.relative(root, file.path)] ?? {};
          await writeFile(file.path, withPlainVscode(code) + (entryPoint.includes('node_modules/') ? namedExports : ''));
        }),
      );
      await mkdir(cacheDir, { recursive: true });
      await writeFile(activationList, JSON.stringify(atActivation(metafile)));
      if (!dev) await removeOthers(path.join(root, 'dist/extension'), outputFiles.map(({ path: each }) => path.basename(each)));
    });
  },
};

/**
 * esbuild copies the hundreds of exports of `vscode` for each file that imports it, in case a default export were asked
 * for; that is a tenth of the activation. Its members are read from the module itself instead.
 * @param {string} code
 */
function withPlainVscode(code) {
  if (!code.includes('require("vscode")')) return code;
  const plain = code.replaceAll(/\b[\w$]+\((require\("vscode"\))(?:, ?1)?\)/g, '$1');
  if (plain === code) throw new Error('esbuild writes imports of vscode in another way now: see withPlainVscode');
  return plain;
}

/** Of a CommonJS package esbuild's chunk exports the default alone; `import()` in Node gives its members as well. */
const namedExports = `
for (const [name, value] of Object.entries(module.exports.default ?? {})) if (!(name in module.exports)) Object.defineProperty(module.exports, name, { enumerable: true, value });
`;

/**
 * The files that are read at activation: the entry and what it imports without `import()`.
 * @param {import('esbuild').Metafile} metafile
 */
function atActivation({ outputs }) {
  /** @type {Set<string>} */
  const files = new Set();
  const add = (/** @type {string} */ file) => {
    if (files.has(file) || !outputs[file]) return;
    files.add(file);
    for (const { path: imported, kind } of outputs[file].imports) if (kind === 'import-statement') add(imported);
  };
  add('dist/extension.cjs');
  return [...files];
}

/** @type {{ entry: string, out: string, options: import('esbuild').BuildOptions }[]} */
const bundles = [
  {
    entry: 'src/extension.ts',
    out: 'dist/extension.cjs',
    options: { ...node, format: 'esm', splitting: true, outdir: 'dist', chunkNames: 'extension/[name]-[hash]', outExtension: { '.js': '.cjs' }, sourcemap: dev ? 'inline' : false, plugins: [chunksInCommonJs] },
  },
  { entry: 'src/engine/main.ts', out: 'dist/engine.mjs', options: esm },
  { entry: 'src/context/index/worker.ts', out: 'dist/indexer.cjs', options: { ...node, format: 'cjs' } },
  { entry: 'src/ask/main.ts', out: 'dist/ask.mjs', options: esm },
  { entry: 'src/webview/chat/main.tsx', out: 'dist/webview/chat.js', options: webview },
  { entry: 'src/webview/thinking/main.tsx', out: 'dist/webview/thinking.js', options: webview },
];

/**
 * Says what each build wrote, and how large.
 * @type {import('esbuild').Plugin}
 */
const report = {
  name: 'report',
  setup(build) {
    build.onEnd(({ metafile }) => {
      for (const [file, { bytes }] of Object.entries(metafile?.outputs ?? {})) {
        if (!file.endsWith('.map')) say(`built   ${file}  ${fileSize(bytes)}`);
      }
    });
  },
};

/** Those of an earlier `--dev` build no longer fit. */
async function removeSourceMaps() {
  const dist = path.join(root, 'dist');
  await mkdir(dist, { recursive: true });
  for (const file of await readdir(dist, { recursive: true })) {
    if (file.endsWith('.map')) await rm(path.join(dist, file));
  }
}

/**
 * Removes what an earlier build has left in a folder.
 * @param {string} folder
 * @param {string[]} names of this build's files
 */
async function removeOthers(folder, names) {
  for (const name of await readdir(folder)) if (!names.includes(name)) await rm(path.join(folder, name));
}

main(async () => {
  // Files are overwritten in place, not removed first: a VS Code may be running from dist/ right now.
  if (!dev) await removeSourceMaps();
  await copyGrammars();
  for (const { entry, out, options } of bundles) {
    if (!existsSync(path.join(root, entry))) {
      say(`skipped ${out}: there is no ${entry}`);
      continue;
    }
    const build = await context({ ...options, entryPoints: [entry], ...(options.outdir ? {} : { outfile: out }), plugins: [...(options.plugins ?? []), report] });
    if (watch) {
      await build.watch();
    } else {
      await build.rebuild();
      await build.dispose();
    }
  }
});
