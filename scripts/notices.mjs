// @ts-check
/**
 * Writes THIRD_PARTY_NOTICES.md: the packages that are redistributed with Ponder, and on what terms. To be run after
 * a change of the run-time packages.
 */
import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { grammarPackage, grammars } from './lib/grammars.mjs';
import { main, Problem, say } from './lib/log.mjs';
import { readManifest, root } from './lib/paths.mjs';
import { runtimeFiles } from './lib/runtime-files.mjs';

/** @typedef {{ name: string, version: string, licence: string, author: string, text: string | undefined }} Package */

const file = 'THIRD_PARTY_NOTICES.md';

main(async () => {
  const bundled = packagesOf(await bundledFiles());
  const beside = packagesOf(await runtimeFiles());
  writeFileSync(path.join(root, file), document(bundled, beside));
  say(`wrote   ${file}: ${String(bundled.length)} packages in the bundles, ${String(beside.length)} beside them`);
});

/** What esbuild takes from packages into dist/, in a form that only it can read. */
async function bundledFiles() {
  /** @type {import('esbuild').BuildOptions} */
  const common = { absWorkingDir: root, bundle: true, write: false, metafile: true, outdir: 'dist', loader: { '.md': 'text', '.ttf': 'file' }, logLevel: 'error' };
  const builds = [
    build({ ...common, platform: 'node', external: ['vscode', 'node-llama-cpp'], entryPoints: ['src/extension.ts', 'src/context/index/worker.ts'] }),
    build({ ...common, platform: 'node', format: 'esm', external: ['node-llama-cpp'], entryPoints: ['src/engine/main.ts'] }),
    build({ ...common, platform: 'browser', jsx: 'automatic', jsxImportSource: 'preact', entryPoints: ['src/webview/chat/main.tsx', 'src/webview/thinking/main.tsx'] }),
  ];
  const outputs = (await Promise.all(builds)).flatMap(({ metafile }) => Object.values(metafile?.outputs ?? {}));
  return outputs.flatMap(({ inputs }) => Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : [])));
}

/**
 * @param {string[]} files
 * @returns {Package[]} by name
 */
function packagesOf(files) {
  const folders = new Set(files.flatMap((name) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(name)?.[0] ?? []));
  /** @type {Map<string, Package>} */
  const packages = new Map();
  for (const folder of folders) {
    const found = describe(path.join(root, folder));
    packages.set(`${found.name}@${found.version}`, found);
  }
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

/**
 * @param {string} folder
 * @returns {Package}
 */
function describe(folder) {
  const { name, version, license, author } = readManifest(folder);
  const by = typeof author === 'string' ? author : (author?.name ?? '');
  const texts = readdirSync(folder)
    .filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry))
    .map((entry) => readFileSync(path.join(folder, entry), 'utf8').replaceAll('\r\n', '\n').trim());
  if (typeof license !== 'string') throw new Problem(`${name} does not say its licence in one word; look at it.`);
  return { name, version, licence: license, author: by.replace(/\s*[<(].*$/, ''), text: texts.length > 0 ? texts.join('\n\n') : undefined };
}

/**
 * @param {Package[]} bundled
 * @param {Package[]} beside
 */
function document(bundled, beside) {
  const { version } = readManifest(path.join(root, 'node_modules/node-llama-cpp'));
  const { version: grammarVersion } = readManifest(path.join(root, grammarPackage));
  return [
    '# Third-party notices',
    '',
    'Ponder is under the Apache License 2.0 ([LICENSE](LICENSE)). Its packages contain the work of others, listed here. `node scripts/notices.mjs` writes this file.',
    '',
    '## llama.cpp',
    '',
    `The binaries in \`dist/node_modules/@node-llama-cpp/\` are llama.cpp and ggml, built by the node-llama-cpp project (version ${version}, MIT). llama.cpp and ggml are under the MIT licence, copyright the ggml authors; its text is that of "MIT" below.`,
    '',
    '## tree-sitter',
    '',
    `The files in \`dist/grammars/\` are tree-sitter and its grammars for ${grammars.slice(0, -1).join(', ')} and ${grammars.at(-1) ?? ''}, built by the Visual Studio Code team (@vscode/tree-sitter-wasm ${grammarVersion}, MIT, copyright Microsoft Corporation; its licence file lies beside them). tree-sitter and the grammars are under the MIT licence, copyright their authors; its text is that of "MIT" below.`,
    '',
    '## Packages beside the bundles',
    '',
    'node-llama-cpp and what it imports lie in `dist/node_modules/`, each with the licence file that its authors ship.',
    '',
    table(beside),
    ...withoutFile(beside),
    '## Packages in the bundles',
    '',
    'These are part of the files in `dist/` and `dist/webview/`. Where a package leaves a choice of licence, Ponder takes Apache-2.0.',
    '',
    table(bundled),
    '## Licence texts of the packages in the bundles',
    '',
    ...bundled.flatMap(textOf),
    '## MIT',
    '',
    fenced(mit),
    '',
  ].join('\n');
}

/** @param {Package[]} packages */
function table(packages) {
  const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return ['| package | version | licence |', '|---|---|---|', ...rows, ''].join('\n');
}

/** @param {Package[]} packages */
function withoutFile(packages) {
  const names = packages.filter(({ text }) => text === undefined).map(({ name, licence, author }) => `${name} (${licence}${author ? `, ${author}` : ''})`);
  return names.length > 0 ? [`These ship no licence file of their own: ${names.join('; ')}.`, ''] : [];
}

/** @param {Package} found */
function textOf({ name, version, licence, author, text }) {
  return [`### ${name} ${version}`, '', text === undefined ? `${licence}${author ? `, by ${author}` : ''}. It ships no licence file.` : fenced(text), ''];
}

/** @param {string} text */
function fenced(text) {
  return `\`\`\`\`text\n${text}\n\`\`\`\``;
}

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
