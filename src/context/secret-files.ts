/** Which files are likely to hold secrets, told by their names alone. Pure. */

/** Folders all of whose files count. */
const folders = new Set(['.aws', '.azure', '.gnupg', '.ssh']);

const names = new Set([
  '.dockercfg',
  '.envrc',
  '.git-credentials',
  '.htpasswd',
  '.my.cnf',
  '.netrc',
  '.npmrc',
  '.pgpass',
  '.pypirc',
  '.vault-token',
  '_netrc',
  'application_default_credentials.json',
  'credentials',
  'credentials.json',
  'secret.json',
  'secret.toml',
  'secret.yaml',
  'secret.yml',
]);

const shapes = [
  // `.env`, `.env.local`, `.env-local`, `production.env`
  /^\.env[._-]|\.env$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|ppk|kdbx)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
  /^secrets\./,
  /^service[-_]?account.*\.json$/,
  /\.tfstate(?:\.|$)|\.tfvars(?:\.json)?$/,
];

/** Names the form of a secret file without its contents. */
const stencil = /(?:^|[.-])(?:example|sample|template)(?:\.env)?$/;

/**
 * Whether a file is never to be read unasked. What is in doubt counts as secret.
 * @param path absolute or relative, with slashes of either kind
 */
export function looksSecret(path: string): boolean {
  const parts = path.toLowerCase().split(/[\\/]+/);
  // Windows opens `.env.` and `.env ` as `.env`; a copy is as secret as what it was copied from.
  const name = (parts.pop() ?? '').replace(/[. ]+$/, '').replace(/(?:~|\.(?:bak|backup|old|orig|save|swp|swo))+$/, '');
  if (parts.some((part) => folders.has(part)) || names.has(name)) return true;
  const folder = parts.at(-1);
  if ((folder === '.kube' && name === 'config') || (folder === '.docker' && name === 'config.json')) return true;
  return !stencil.test(name) && shapes.some((shape) => shape.test(name));
}
