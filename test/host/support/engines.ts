/** The engine of the extension under test. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** A file that was built. @returns its absolute path */
export function distFile(name: string): string {
  const extension = vscode.extensions.getExtension<unknown>('ponder.ponder');
  assert.ok(extension);
  return path.join(extension.extensionPath, 'dist', name);
}

/** Linux only. */
export function enginesRunning(): number {
  const entry = distFile('engine.mjs');
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(entry)).length;
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}
