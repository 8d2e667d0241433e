import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { IconButton } from './controls.tsx';

/** Says for a moment that it did its work. */
export function CopyButton({ onCopy, label }: { readonly onCopy: () => void; readonly label?: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => {
      setCopied(false);
    }, 1500);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const copy = (): void => {
    onCopy();
    setCopied(true);
  };
  return copied ? (
    <IconButton icon="check" label={l10n.t('Copied')} wide={l10n.t('Copied')} onClick={copy} />
  ) : (
    <IconButton icon="copy" label={label ?? l10n.t('Copy code')} wide={l10n.t('Copy')} onClick={copy} />
  );
}
