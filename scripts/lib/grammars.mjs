// @ts-check
/** The tree-sitter grammars that ship, in dist/grammars/: inline completions end by them (src/completion/syntax.ts). */
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from './log.mjs';
import { root } from './paths.mjs';

export const grammarPackage = 'node_modules/@vscode/tree-sitter-wasm';

/** As src/completion/syntax/languages.ts names them. */
export const grammars = ['bash', 'c-sharp', 'cpp', 'css', 'go', 'java', 'javascript', 'php', 'python', 'ruby', 'rust', 'tsx', 'typescript'];

/** Inside the package. Its package.json says what kind of module its JavaScript is, where ours would say another. */
const files = ['package.json', 'LICENSE', 'wasm/tree-sitter.js', 'wasm/tree-sitter.wasm', ...grammars.map((name) => `wasm/tree-sitter-${name}.wasm`)];

/** By name in dist/grammars/. */
export const grammarFiles = files.map((name) => path.posix.basename(name));

export async function copyGrammars() {
  const from = path.join(root, grammarPackage);
  if (!existsSync(from)) throw new Problem(`There is no ${grammarPackage}. Run: npm install`);
  const to = path.join(root, 'dist/grammars');
  await mkdir(to, { recursive: true });
  for (const name of files) await copyFile(path.join(from, name), path.join(to, path.basename(name)));
}
