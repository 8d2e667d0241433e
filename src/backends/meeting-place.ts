/** Where the windows of this user, with this very engine, meet. */
import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PonderError, toPonderError } from '../base/errors.ts';
import { protocolVersion } from '../protocol/engine.ts';
import { securePlace, type Place } from '../protocol/rendezvous.ts';

/** What the system takes as the path of a socket, bytes; the last of the 104 or 108 is a zero. */
const longestAddress = process.platform === 'darwin' ? 103 : 107;
/** Of a socket's name in the folder: the separator, the key, and what tells engines apart. */
const nameLength = 1 + 16 + 14;

/** Folders to try in turn. The session's own is emptied when the user leaves, and never another's. */
export function meetingFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const uid = process.getuid?.();
  const mine = uid === undefined ? 'ponder' : `ponder-${String(uid)}`;
  const session = env['XDG_RUNTIME_DIR'];
  return [
    ...(session !== undefined && path.isAbsolute(session) ? [path.join(session, 'ponder')] : []),
    path.join(tmpdir(), mine),
    // A temporary folder can have a long name, as on macOS.
    ...(process.platform === 'win32' ? [] : [path.join('/tmp', mine)]),
  ];
}

/**
 * The first folder that will do, made if need be. Its key stands for the engine's file as it is now and for the
 * protocol, so an old window never meets a new engine; and for the GPUs, which an engine cannot change.
 * @param entry absolute path of the bundled engine
 * @param devices the GPUs that are wanted; undefined: all
 * @throws PonderError `folder-unwritable` where none will do
 */
export async function meetingPlace(entry: string, folders: readonly string[], devices?: readonly number[]): Promise<Place> {
  const file = await realpath(entry);
  const { size, mtimeMs } = await stat(file);
  const identity = JSON.stringify([protocolVersion, file, size, mtimeMs, process.arch, ...(devices ? [devices] : [])]);
  const key = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const reasons: string[] = [];
  for (const folder of folders) {
    if (!fitsAddress(folder)) {
      reasons.push(`The path of ${folder} is too long for a socket.`);
      continue;
    }
    try {
      await securePlace({ folder, key });
      return { folder, key };
    } catch (error) {
      reasons.push(toPonderError(error).message);
    }
  }
  throw new PonderError('folder-unwritable', reasons.join(' '), { path: folders[0] ?? '' });
}

/** A pipe lies in no folder. */
function fitsAddress(folder: string): boolean {
  return process.platform === 'win32' || Buffer.byteLength(folder) + nameLength <= longestAddress;
}
