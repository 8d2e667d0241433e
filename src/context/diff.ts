/** Diffs as git writes them. Pure. */
import { looksSecret } from './secret-files.ts';

/** A diff without the files that are likely to hold secrets, whose paths are named. */
export function withoutSecrets(diff: string): { readonly diff: string; readonly secrets: readonly string[] } {
  const secrets: string[] = [];
  const kept = diff.split(/^(?=diff --git )/m).filter((part) => {
    const paths = pathsOf(part);
    const secret = paths.find(looksSecret);
    if (secret !== undefined) secrets.push(secret);
    return secret === undefined;
  });
  return { diff: kept.join(''), secrets };
}

/** Both names of a file, with and without the prefixes `a/` and `b/`, and out of git's quotes. */
function pathsOf(part: string): string[] {
  const [head = ''] = part.split('\n', 1);
  const names = [...part.matchAll(/^(?:--- |\+\+\+ |rename from |rename to |copy from |copy to )"?(.+?)"?\t?$/gm)].map(([, name = '']) => name);
  const quoted = /^diff --git "?a\/(.+?)"? "?b\/(.+?)"?$/.exec(head);
  return [...names, quoted?.[1] ?? '', quoted?.[2] ?? ''].map((name) => name.replace(/^[ab]\//, '')).filter((name) => name !== '' && name !== '/dev/null');
}
