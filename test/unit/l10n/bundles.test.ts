import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as l10n from '@vscode/l10n';
import { afterAll, describe, expect, it } from 'vitest';
import { errorCard } from '../../../src/chat/error-card.ts';

type Bundle = Readonly<Record<string, string>>;

const root = new URL('../../../', import.meta.url);
const readJson = (name: string): Bundle => JSON.parse(readFileSync(new URL(name, root), 'utf8')) as Bundle;

/** Placeholders, and code that is typed as it stands; sorted, since another language may have another order. */
const fixedParts = (text: string): string[] => [...text.matchAll(/\{[^}]*\}|`[^`]+`/g)].map(([part]) => part).sort();

const translationsIn = (folder: string, pattern: RegExp): string[] => readdirSync(new URL(folder, root)).filter((name) => pattern.test(name));

const pairs = [
  ...translationsIn('l10n/', /^bundle\.l10n\.[a-z-]+\.json$/).map((name) => ({ english: 'l10n/bundle.l10n.json', translated: `l10n/${name}` })),
  ...translationsIn('./', /^package\.nls\.[a-z-]+\.json$/).map((name) => ({ english: 'package.nls.json', translated: name })),
];

it('has the strings of src/ in the English bundle, and nothing else', { timeout: 60_000 }, async () => {
  const script = fileURLToPath(new URL('scripts/l10n.mjs', root));
  // Its exit code is not 0 when anything is amiss; what that is stands in the error's stdout.
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({ stdout: expect.stringMatching(/^\d+ strings\n$/) as string });
});

it('says in the English bundle what the code says', () => {
  for (const [key, text] of Object.entries(readJson('l10n/bundle.l10n.json'))) expect(text).toBe(key);
});

it('is translated into Chinese, messages and manifest alike', () => {
  expect(pairs.map(({ translated }) => translated)).toEqual(['l10n/bundle.l10n.zh-cn.json', 'package.nls.zh-cn.json']);
});

describe.each(pairs)('$translated', ({ english, translated }) => {
  const original = readJson(english);
  const translation = readJson(translated);

  it('has the same keys', () => expect(Object.keys(translation).sort()).toEqual(Object.keys(original).sort()));

  it('has no empty text', () => {
    for (const text of Object.values(translation)) expect(text.trim()).not.toBe('');
  });

  it('keeps what is put in, and what is code', () => {
    const kept = (bundle: Bundle): Bundle => Object.fromEntries(Object.entries(bundle).map(([key, text]) => [key, fixedParts(text).join(' ')]));
    expect(kept(translation)).toEqual(kept(original));
  });
});

describe('a Chinese VS Code', () => {
  afterAll(() => l10n.config({ contents: {} }));

  it('shows translated cards, with what varies in its place', () => {
    l10n.config({ contents: { ...readJson('l10n/bundle.l10n.zh-cn.json') } });
    const card = errorCard({ code: 'engine-unstable', message: '', data: { crashes: 3 } });
    expect(card.title).toBe('引擎已连续停止 3 次，不再自动启动');
    expect(card.actions.map(({ label }) => label)).toEqual(['重启引擎', '显示日志', '选择模型…']);
  });
});
