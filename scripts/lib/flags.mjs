// @ts-check
/** Command-line flags, with a plain sentence for one that is wrong. */
import { parseArgs } from 'node:util';
import { Problem } from './log.mjs';

/**
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} Options
 * @param {Options} options
 */
export function readFlags(options) {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new Problem(error instanceof Error ? error.message : String(error));
  }
}
