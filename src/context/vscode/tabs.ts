import * as vscode from 'vscode';

/** Files in tabs, from left to right, each once. */
export function filesInTabs(): vscode.Uri[] {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all.map(({ input }) => input));
  const uris = tabs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}
