// @ts-check
/** The table of contents of a zip file, which a VSIX is. */
import { readFileSync } from 'node:fs';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** @typedef {{ name: string, size: number }} Entry */

/**
 * @param {string} file
 * @returns {Entry[]}
 */
export function listZip(file) {
  const data = readFileSync(file);
  let at = data.length - 22; // the closing record's size without a comment
  while (at > 0 && data.readUInt32LE(at) !== endOfDirectory) at--;
  const count = data.readUInt16LE(at + 10);
  /** @type {Entry[]} */
  const entries = [];
  at = data.readUInt32LE(at + 16);
  for (let index = 0; index < count; index++) {
    if (data.readUInt32LE(at) !== directoryEntry) throw new Error(`${file} is damaged: no entry ${index} in its directory`);
    const nameLength = data.readUInt16LE(at + 28);
    const size = data.readUInt32LE(at + 24);
    entries.push({ name: data.toString('utf8', at + 46, at + 46 + nameLength), size });
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  return entries;
}
