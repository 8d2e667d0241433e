/** Files that a prompt file refers to. Pure. */

/** More are left out. */
export const mostReferences = 10;

/**
 * Paths in Markdown links and behind `#file:`, each once, as they are written; those of links are relative to the prompt
 * file. Code, addresses and anchors name none.
 */
export function referencesOf(body: string): readonly string[] {
  const text = body.replace(/^(`{3,}|~{3,})[^]*?^\1[`~]*[ \t]*$/gm, '').replace(/(`+)[^`\n][^\n]*?\1/g, '');
  const found = new Set<string>();
  for (const [, angled, bare, named] of text.matchAll(/\]\(\s*(?:<([^<>\n]+)>|([^\s()<>]+))[^)\n]*\)|#file:([^\s,;)\]'"]+)/g)) {
    const target = named ?? decoded(angled ?? bare ?? '');
    const path = target.replace(/#.*$/, '').replace(/[.:]+$/, '');
    if (path !== '' && !/^[a-z][a-z\d+.-]*:/i.test(path) && !path.startsWith('//')) found.add(path);
  }
  return [...found];
}

/** Spaces in links are written as `%20`. */
function decoded(target: string): string {
  try {
    return decodeURI(target);
  } catch {
    return target;
  }
}
