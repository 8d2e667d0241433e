import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * The page of a view: our bundled script and style sheet and nothing else. No remote content, no inline script or
 * style; the translations travel as inert JSON.
 */
export function webviewPage(webview: vscode.Webview, extensionUri: vscode.Uri, name: 'chat' | 'thinking', title: string): string {
  const root = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
  const source = webview.cspSource;
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; font-src ${source}`;
  const bundle = JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="stylesheet" href="${uri(`${name}.css`)}">
</head>
<body>
  <div id="root"></div>
  <script type="application/json" id="l10n">${bundle}</script>
  <script nonce="${nonce}" src="${uri(`${name}.js`)}"></script>
</body>
</html>`;
}
