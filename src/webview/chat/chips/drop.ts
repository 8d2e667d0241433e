/** The bounds of `dropContext`. */
const mostUris = 256;
const longestUri = 4096;

/** What VS Code's explorer and tabs put into a drag, and what other programs do; the first that is there counts. */
const types = ['application/vnd.code.uri-list', 'resourceurls', 'text/uri-list'] as const;

/** True for a drag that may bring files. What it really brings can be read only once it is dropped. */
export function bringsUris(offered: readonly string[]): boolean {
  // Browsers report types in lower case.
  return types.some((type) => offered.includes(type));
}

/** The URIs of a drop, each once, without links into the web. */
export function droppedUris(read: (type: string) => string): string[] {
  for (const type of types) {
    const data = read(type);
    const listed = type === 'resourceurls' ? jsonList(data) : data.split(/\r?\n/).filter((line) => !line.startsWith('#'));
    const uris = [...new Set(listed.map((uri) => uri.trim()).filter(isResource))];
    if (uris.length > 0) return uris.slice(0, mostUris);
  }
  return [];
}

function jsonList(data: string): string[] {
  if (data === '') return [];
  try {
    const list: unknown = JSON.parse(data);
    return Array.isArray(list) ? list.filter((uri) => typeof uri === 'string') : [];
  } catch {
    return [];
  }
}

/** True for what an editor may open: file, vscode-remote, vscode-vfs and the like. */
function isResource(uri: string): boolean {
  return uri.length <= longestUri && /^[a-z][a-z0-9+.-]+:/i.test(uri) && !/^(https?|mailto|javascript|data|blob|command):/i.test(uri);
}
