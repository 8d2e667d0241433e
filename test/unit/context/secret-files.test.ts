import { describe, expect, it } from 'vitest';
import { looksSecret } from '../../../src/context/secret-files.ts';

const secret = [
  '.env',
  'app/.env.local',
  '.env.production',
  '.env-prod',
  'production.env',
  '.envrc',
  'certs/server.pem',
  'server.key',
  'store.p12',
  'store.pfx',
  'release.jks',
  'debug.keystore',
  'id_rsa',
  'keys/id_ed25519',
  'id_ecdsa_sk',
  'putty.ppk',
  'vault.kdbx',
  '.npmrc',
  '/home/me/.netrc',
  '_netrc',
  '.pypirc',
  '.git-credentials',
  '.htpasswd',
  '.pgpass',
  'credentials',
  'config/credentials.json',
  'secrets.yml',
  'secrets.ts',
  'service-account.json',
  'service_account_prod.json',
  'serviceAccountKey.json',
  '/home/me/.aws/config',
  '.ssh/known_hosts',
  '.gnupg/pubring.kbx',
  '/root/.kube/config',
  '.docker/config.json',
  'terraform.tfstate',
  'terraform.tfstate.backup',
  'prod.tfvars',
  'prod.auto.tfvars.json',
];

const harmless = [
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.local.example',
  'example.env',
  'src/environment.ts',
  'env.d.ts',
  'src/key.ts',
  'keyboard.ts',
  'keys.json',
  'id_rsa.pub',
  'src/credentials.ts',
  'src/secretsanta.ts',
  'secret-files.ts',
  'kube/config',
  'src/config.json',
  'service.json',
  'accounts.json',
  'terraform.tf',
  'terraform.tfvars.example',
  'aws/config.ts',
  '',
];

describe('looksSecret', () => {
  it.each(secret)('%s', (path) => expect(looksSecret(path)).toBe(true));
  it.each(harmless)('not %s', (path) => expect(looksSecret(path)).toBe(false));

  it.each(secret)('%s in capitals, on Windows, with what Windows drops, and its copies', (path) => {
    expect(looksSecret(path.toUpperCase())).toBe(true);
    expect(looksSecret(`C:\\work\\${path.replaceAll('/', '\\')}`)).toBe(true);
    expect(looksSecret(`${path}.`)).toBe(true);
    expect(looksSecret(`${path} `)).toBe(true);
    expect(looksSecret(`${path}.bak`)).toBe(true);
    expect(looksSecret(`${path}~`)).toBe(true);
  });
});
