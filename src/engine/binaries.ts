/**
 * Binaries of llama.cpp that did not ship, in a folder of the extension's (`models/backend-package/install.ts`).
 * node-llama-cpp imports binaries by the names of their packages; for those that lie there the names are answered here.
 */
import { readdirSync, existsSync } from 'node:fs';
import { register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { libraryVersion } from './library.ts';

const scope = '@node-llama-cpp/';

/** Runs in a thread of Node's own, so it stands alone. */
const hooks = `
let found = {};
export const initialize = (data) => { found = data; };
export const resolve = (name, context, next) => Object.hasOwn(found, name) ? { url: found[name], shortCircuit: true } : next(name, context);
`;

let redirected: readonly string[] = [];

/** Names of the packages that come from the folder. */
export function addedBinaries(): readonly string[] {
  return redirected;
}

/**
 * To be called once, before a backend is opened: what is imported later is imported from there.
 * @param folder absolute path; only what it has for this version of node-llama-cpp counts
 */
export function useBinaries(folder: string): void {
  const found = binariesIn(path.join(folder, libraryVersion()));
  redirected = Object.keys(found);
  if (redirected.length > 0) register(`data:text/javascript,${encodeURIComponent(hooks)}`, { parentURL: import.meta.url, data: found });
}

/** Names of packages to addresses of their modules. */
function binariesIn(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => existsSync(entryOf(folder, name)));
  return Object.fromEntries(names.map((name) => [scope + name, pathToFileURL(entryOf(folder, name)).href]));
}

function entryOf(folder: string, name: string): string {
  return path.join(folder, name, 'dist', 'index.js');
}
