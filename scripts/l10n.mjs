// @ts-check
/**
 * Gathers every `l10n.t('…')` in src/ into l10n/bundle.l10n.json, and brings the translations beside it into line: what
 * is no longer said goes, what is not translated yet is listed.
 *   --check   write nothing; fail when a file is out of date or a translation is missing
 */
import { getL10nJson } from '@vscode/l10n-dev';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readFlags } from './lib/flags.mjs';
import { main, Problem, say } from './lib/log.mjs';
import { root } from './lib/paths.mjs';

/** @typedef {import('@vscode/l10n-dev').l10nJsonFormat} Bundle texts by what is said in English */

const folder = path.join(root, 'l10n');
const englishName = 'bundle.l10n.json';
/** The one way that strings are asked for. */
const importLine = "import * as l10n from '@vscode/l10n';";

main(async () => {
  const { check } = readFlags({ check: { type: 'boolean' } });
  const english = await extract();
  const update = check ? isUpToDate : write;
  let good = update(englishName, english);
  for (const name of readdirSync(folder).filter((file) => /^bundle\.l10n\.[a-z-]+\.json$/.test(file))) {
    const translated = read(name);
    good = update(name, select(translated, Object.keys(english))) && good;
    const missing = Object.keys(english).filter((key) => !translated[key]);
    for (const key of missing) say(`l10n/${name} has no ${JSON.stringify(key)}`);
    good &&= missing.length === 0;
  }
  say(`${String(Object.keys(english).length)} strings`);
  if (check && !good) say('Run "npm run l10n", and translate what it lists.');
  return good ? 0 : 1;
});

/**
 * Finding what to look for takes the library longer, for each script, than looking; so it gets all as two scripts.
 * @returns {Promise<Bundle>} sorted, so that a change of one string is a change of one line
 */
async function extract() {
  const scripts = ['.ts', '.tsx'].map((extension) => ({ extension, contents: importLine }));
  const source = path.join(root, 'src');
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const script = scripts.find(({ extension }) => path.extname(file) === extension);
    if (!script) continue;
    const contents = readFileSync(path.join(source, file), 'utf8');
    refuseUnfindable(file, contents);
    if (contents.includes(importLine)) script.contents += contents.replace(importLine, '');
  }
  const found = await getL10nJson(scripts);
  return select(found, Object.keys(found).sort());
}

/**
 * @param {string} file
 * @param {string} contents
 */
function refuseUnfindable(file, contents) {
  const computed = /\bl10n\.t\(\s*(?!['"]|\s)/.exec(contents);
  if (computed) {
    const line = contents.slice(0, computed.index).split('\n').length;
    throw new Problem(`src/${file}:${String(line)}: l10n.t takes a string literal; what varies goes into its {0}.`);
  }
  if (/\bl10n\.t\(/.test(contents) && !contents.includes(importLine)) throw new Problem(`src/${file}: l10n.t comes by exactly this line: ${importLine}`);
}

/**
 * @param {Bundle} bundle
 * @param {string[]} keys
 * @returns {Bundle} those of the keys that it has, in their order
 */
function select(bundle, keys) {
  return Object.fromEntries(keys.flatMap((key) => (bundle[key] ? [[key, bundle[key]]] : [])));
}

/**
 * @param {string} name
 * @returns {Bundle}
 */
function read(name) {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

/**
 * @param {string} name
 * @param {Bundle} bundle
 * @returns {boolean} whether the file holds exactly this
 */
function isUpToDate(name, bundle) {
  const same = holds(name, bundle);
  if (!same) say(`l10n/${name} is out of date.`);
  return same;
}

/**
 * @param {string} name
 * @param {Bundle} bundle
 */
function write(name, bundle) {
  if (holds(name, bundle)) return true;
  writeFileSync(path.join(folder, name), format(bundle));
  say(`wrote   l10n/${name}`);
  return true;
}

/**
 * @param {string} name
 * @param {Bundle} bundle
 */
function holds(name, bundle) {
  const file = path.join(folder, name);
  return existsSync(file) && readFileSync(file, 'utf8') === format(bundle);
}

/** @param {Bundle} bundle */
function format(bundle) {
  return `${JSON.stringify(bundle, null, 2)}\n`;
}
