// @ts-check
/**
 * Writes a file that looks like a model, in a process of its own: what that leaves behind in memory shall not slow down
 * what is measured. Arguments: the path and the size, bytes. Prints its SHA-256.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

const [, , file = '', size = '0'] = process.argv;
const hash = createHash('sha256');
const out = openSync(file, 'w');
const block = Buffer.alloc(20e6);
for (let at = 0; at < Number(size); at += block.length) {
  randomFillSync(block);
  if (at === 0) block.write('GGUF');
  hash.update(block);
  writeSync(out, block);
}
// Else it goes on being written under the first downloads.
fsyncSync(out);
closeSync(out);
process.stdout.write(hash.digest('hex'));
