import * as l10n from '@vscode/l10n';

/** Reads the translations that the host put into the page. To be called before the first draw. */
export function configureL10n(): void {
  const text = document.getElementById('l10n')?.textContent.trim();
  if (text) l10n.config({ contents: text });
}
