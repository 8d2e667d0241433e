/** Which corrections are meant for a file. */
import type { Correction, ProfileCorrection } from './corrections.ts';

/** All that fit a file, the later before the earlier; undefined: none. */
export function correctionFor(path: string, corrections: readonly Correction[]): ProfileCorrection | undefined {
  const fitting = corrections.filter(({ pattern }) => matches(pattern, path));
  if (fitting.length === 0) return undefined;
  return fitting.reduce<ProfileCorrection>(
    (all, { profile }) => ({
      ...all,
      ...profile,
      window: { ...all.window, ...profile.window },
      output: { ...all.output, ...profile.output },
      sampling: { thinking: { ...all.sampling?.thinking, ...profile.sampling?.thinking }, answer: { ...all.sampling?.answer, ...profile.sampling?.answer } },
    }),
    {},
  );
}

/**
 * A pattern without a slash is compared with the file's name, one with a slash with its whole path. `*` stands for
 * anything within a name, `**` across folders, `?` for one character. Large and small letters are the same.
 */
export function matches(pattern: string, path: string): boolean {
  const wanted = slashes(pattern);
  const actual = wanted.includes('/') ? slashes(path) : (slashes(path).split('/').at(-1) ?? '');
  const source = wanted.replace(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, (sign) => (sign.startsWith('**') ? '.*' : sign === '*' ? '[^/]*' : sign === '?' ? '[^/]' : `\\${sign}`));
  return new RegExp(`^${source}$`, 'i').test(actual);
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}
