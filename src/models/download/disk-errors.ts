/** What the file system says, as errors that a user can do something about. Pure. */
import { PonderError, type ErrorCode } from '../../base/errors.ts';

const diskErrors: ReadonlyMap<string, ErrorCode> = new Map([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EFBIG', 'folder-unwritable'],
  ['EACCES', 'folder-unwritable'],
  ['EPERM', 'folder-unwritable'],
  ['EROFS', 'folder-unwritable'],
  ['ENOENT', 'folder-unwritable'],
  ['ENOTDIR', 'folder-unwritable'],
  ['EISDIR', 'folder-unwritable'],
  ['EEXIST', 'folder-unwritable'],
  ['EBUSY', 'folder-unwritable'],
  ['EIO', 'folder-unwritable'],
  ['ENODEV', 'folder-unwritable'],
  ['ENXIO', 'folder-unwritable'],
]);

const fileCalls = new Set(['open', 'write', 'fstat', 'fsync', 'fdatasync', 'read', 'ftruncate']);

export function isDiskError(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string' && diskErrors.has(error.code))) return false;
  // A connection may be refused with the same codes.
  return 'path' in error || ('syscall' in error && typeof error.syscall === 'string' && fileCalls.has(error.syscall));
}

/** A disk error with a code of ours; anything else as it is. */
export function named(error: unknown, folder: string): unknown {
  if (!isDiskError(error)) return error;
  return new PonderError(diskErrors.get(error.code) ?? 'internal', error.message, { path: folder });
}
