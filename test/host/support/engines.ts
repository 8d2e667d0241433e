/** Engine processes of the extension under test. Linux only. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

export function enginesRunning(): number {
  const extension = vscode.extensions.getExtension<unknown>('ponder.ponder');
  assert.ok(extension);
  const entry = path.join(extension.extensionPath, 'dist', 'engine.mjs');
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
