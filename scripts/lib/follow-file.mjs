// @ts-check
/** Keeps an eye on a file that another process writes. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Prints what is added to the file, until `stop` is called.
 * @param {string} file
 * @returns {{ stop: () => void }}
 */
export function printAsItGrows(file) {
  let printed = 0;
  const print = () => {
    const text = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    process.stdout.write(text.subarray(printed));
    printed = text.length;
  };
  const timer = setInterval(print, 200);
  return {
    stop() {
      clearInterval(timer);
      print();
    },
  };
}

/**
 * Throws once the file has not been written for too long.
 * @param {string} file
 * @param {number} silenceMs
 * @returns {Promise<never>}
 */
export async function failWhenSilent(file, silenceMs) {
  const startedAt = Date.now();
  for (;;) {
    await sleep(1000, undefined, { ref: false });
    const writtenAt = existsSync(file) ? statSync(file).mtimeMs : startedAt;
    if (Date.now() - Math.max(writtenAt, startedAt) > silenceMs) throw new Error(`nothing new in ${file} for ${silenceMs / 1000} s`);
  }
}
