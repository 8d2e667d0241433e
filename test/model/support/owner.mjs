// @ts-check
/** A window in a process of its own: has an engine started and a model loaded, and tells its parent the engine's id. */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const { entry, folder, params } = JSON.parse(process.argv[2] ?? '{}');
const source = fileURLToPath(new URL('../../../src/backends/local.ts', import.meta.url));
const { outputFiles } = await build({
  entryPoints: [source],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  banner: { js: 'import { createRequire } from "node:module"; globalThis.require ??= createRequire("/");' },
});
const code = outputFiles[0]?.text ?? '';
const { LocalBackend } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
const silent = () => undefined;
const backend = new LocalBackend({ entry, logger: { debug: silent, info: silent, warn: silent, error: silent }, share: [folder] });
backend.useModel(params);
await backend.ensureReady();
process.send?.((await backend.status()).pid);
