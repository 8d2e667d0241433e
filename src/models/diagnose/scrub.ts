/** Takes out of a text what says who its user is, or lets one in somewhere. Pure. */

export interface Person {
  /** Absolute path of the home folder. */
  readonly home: string;
  readonly user: string;
}

/** The home folder becomes `~`, the user's name in other paths and all that looks like a secret `…`. */
export function scrub(text: string, { home, user }: Person): string {
  let clean = text;
  for (const folder of new Set([home, home.replaceAll('\\', '/'), home.replaceAll('\\', '\\\\'), encodeURI(home.replaceAll('\\', '/'))])) {
    if (folder.length > 1) clean = clean.replace(new RegExp(`${escaped(folder)}(?![\\w.-])`, 'gi'), '~');
  }
  if (user.length > 1) clean = clean.replace(new RegExp(`(?<=[\\\\/])${escaped(user)}(?=[\\\\/:"'\\s]|$)`, 'gi'), '…');
  return clean
    .replace(/(?<=:\/\/)[^\s/@]+@/g, '…@')
    .replace(/\b(hf_|sk-|ghp_|github_pat_)\w{6,}/g, '$1…')
    .replace(/\b(bearer|token|api[-_]?key|password)(["']?\s*[:=]\s*["']?|\s+)[^\s"',]{8,}/gi, '$1$2…');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
