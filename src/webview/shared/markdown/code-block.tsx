import type { JSX } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { IconButton } from '../controls.tsx';
import { Scroller } from '../scroller.tsx';
import { CodeActions } from './code-actions.ts';
import { CopyButton } from '../copy-button.tsx';
import { highlight } from './highlight.ts';
import { languageOf } from './languages.ts';

export interface CodeBlockProps {
  readonly code: string;
  /** As the model named it: "ts". May be empty. */
  readonly name: string;
  readonly path: string | undefined;
}

export function CodeBlock({ code, name, path }: CodeBlockProps): JSX.Element {
  const actions = useContext(CodeActions);
  const language = languageOf(name);
  const coloured = useMemo(() => highlight(code, language?.grammar), [code, language?.grammar]);
  return (
    <div class="code" data-language={name} dir="ltr">
      <div class="code-head">
        {language && (
          <span class="language" title={language.full}>
            <span class="narrow-only">{language.short}</span>
            <span class="wide-only">{language.full}</span>
          </span>
        )}
        <span class="code-path">{path !== undefined && <Path path={path} />}</span>
        <span class="actions">
          <IconButton icon="git-pull-request-go-to-changes" label={l10n.t('Apply')} wide={l10n.t('Apply')} onClick={() => actions.apply(code, path)} />
          <CopyButton onCopy={() => actions.copy(code)} />
          <IconButton icon="insert" label={l10n.t('Insert at cursor')} wide={l10n.t('Insert')} onClick={() => actions.insert(code)} />
          <IconButton icon="new-file" label={l10n.t('New file')} wide={l10n.t('New file')} onClick={() => actions.newFile(code, name)} />
        </span>
      </div>
      <Scroller class="code-body" label={language ? l10n.t('Code, {0}', language.full) : l10n.t('Code')}>
        <pre>
          <code>{coloured}</code>
        </pre>
      </Scroller>
    </div>
  );
}

function Path({ path }: { readonly path: string }): JSX.Element {
  const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return (
    <>
      <span class="name">{path.slice(slash + 1)}</span>
      {slash > 0 && <span class="folder">{path.slice(0, slash)}</span>}
    </>
  );
}
