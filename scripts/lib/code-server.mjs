// @ts-check
/**
 * code-server: the real VS Code workbench and extension host, from the npm registry alone. It stands in where there
 * is no desktop VS Code and its download site cannot be reached.
 */
import { chmodSync, existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './install-once.mjs';
import { Problem, say } from './log.mjs';
import { ensureNode24 } from './node24.mjs';
import { hostDir } from './paths.mjs';
import { aptInstall, findOnPath, npm } from './run.mjs';

const version = '4.139.1';

/** @typedef {{ node: string, entry: string }} CodeServer the program and the script it runs */

/** @returns {Promise<CodeServer>} */
export async function ensureCodeServer() {
  if (process.platform === 'win32') throw new Problem('code-server does not run on Windows. Install VS Code, with its "code" command on the PATH.');
  const node = await ensureNode24();
  const dir = await installOnce(path.join(hostDir, `code-server-${version}`), `VS Code (code-server ${version}), about a minute`, async (staging) => {
    const options = { cwd: staging, env: node.env, quiet: true };
    await writeFile(path.join(staging, 'package.json'), '{"private":true}\n');
    await npm(['install', '--ignore-scripts', `code-server@${version}`], options);
    const vscode = path.join(staging, 'node_modules/code-server/lib/vscode');
    // Its own folders have shrinkwraps that are out of step with their manifests, so `npm ci` fails here.
    await npm(['install', '--ignore-scripts', '--omit=dev'], { ...options, cwd: vscode });
    await npm(['install', '--ignore-scripts', '--omit=dev'], { ...options, cwd: path.join(vscode, 'extensions') });
    await buildNativeParts(vscode, node);
  });
  return { node: node.exe, entry: path.join(dir, 'node_modules/code-server/out/node/entry.js') };
}

/**
 * spdlog writes the log files, native-watchdog ends an extension host whose server died: worth having, but the rest
 * works without them.
 * @param {string} vscode
 * @param {import('./node24.mjs').Node24} node
 */
async function buildNativeParts(vscode, node) {
  if (!(findOnPath('python3') && findOnPath('make') && findOnPath('g++'))) await aptInstall(['python3', 'make', 'g++']);
  const env = { ...node.env, npm_config_nodedir: node.home };
  const built = await npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], { cwd: vscode, env, quiet: true, allowFailure: true });
  if (built.code !== 0 || !existsSync(path.join(vscode, 'node_modules/@vscode/spdlog/build/Release/spdlog.node'))) {
    say('Its log writer could not be built here (that needs python3, make and a C++ compiler); going on without log files.');
  }
  // ripgrep's binary comes inside a package, without its executable bit when install scripts are off.
  const ripgrep = path.join(vscode, 'node_modules/@vscode/ripgrep/bin/rg');
  if (existsSync(ripgrep)) chmodSync(ripgrep, 0o755);
}
