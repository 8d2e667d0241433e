import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { PickState, PicksState } from '../../../protocol/webview.ts';
import { Bar, Icon, IconButton } from '../../shared/controls.tsx';
import { count, short } from '../../shared/format.ts';
import { useSend } from '../send.ts';
import { Disclosure } from './disclosure.tsx';
import { exactly, told, total } from './tokens.ts';

/** Lines that are seen at once, at most. */
const mostRows = 5;

export interface PicksProps {
  readonly picks: PicksState;
  /** True when the question was to be sent before the files were chosen. */
  readonly held: boolean;
}

/** The files that `@workspace` has picked for the question in the field. */
export function Picks({ picks, held }: PicksProps): JSX.Element {
  const rows = useRef(0);
  // Room once taken is kept: the list changes with every word, and what is around it must not.
  rows.current = Math.min(mostRows, Math.max(rows.current, picks.files.length));
  return (
    <div class="picks" data-status={picks.status}>
      {picks.status === 'indexing' && <Indexing progress={picks.progress} />}
      {picks.files.length > 0 && (
        <Disclosure icon="search" label={heading(picks, held)} open>
          <ul class="rows pick-rows" style={{ '--rows': String(rows.current) }} aria-label={l10n.t('Picked files')} aria-busy={picks.status !== 'ready'}>
            {picks.files.map((file) => (
              <Pick key={file.id} file={file} />
            ))}
          </ul>
        </Disclosure>
      )}
      {picks.files.length === 0 && picks.status !== 'indexing' && (
        <p class="picks-line">
          <Icon name="search" />
          {heading(picks, held)}
        </p>
      )}
    </div>
  );
}

function Pick({ file }: { readonly file: PickState }): JSX.Element {
  const send = useSend();
  const cut = file.path.lastIndexOf('/');
  const name = file.path.slice(cut + 1);
  return (
    <li class="row-line" title={told([file.path, file.why, exactly(file.tokens)]).join('\n')}>
      <Icon name="file-code" />
      <span class="row-name ellipsis">
        {name}
        {cut > 0 && <span class="row-folder">{file.path.slice(0, cut)}</span>}
      </span>
      <span class="row-why ellipsis">{file.why}</span>
      <span class="row-tokens figures">
        {file.tokens === undefined ? '…' : short(file.tokens)}
        <span class="hidden">{l10n.t('tokens')}</span>
      </span>
      <IconButton icon="pin" label={l10n.t('Keep {0} in the context', name)} onClick={() => send({ type: 'pinPick', id: file.id })} />
      <IconButton icon="close" label={l10n.t('Remove {0}', name)} onClick={() => send({ type: 'removePick', id: file.id })} />
    </li>
  );
}

function Indexing({ progress }: { readonly progress: PicksState['progress'] }): JSX.Element {
  const text = progress ? l10n.t('{0} of {1} files', count(progress.done), count(progress.total)) : l10n.t('Looking for files');
  return (
    <div class="indexing">
      <p class="row">
        <span>{l10n.t('Looking through the workspace')}</span>
        <span class="meta figures">{text}</span>
      </p>
      <Bar label={l10n.t('Looking through the workspace')} share={progress && progress.total > 0 ? progress.done / progress.total : undefined} text={text} />
    </div>
  );
}

function heading(picks: PicksState, held: boolean): string {
  if (held || (picks.status === 'picking' && picks.files.length === 0)) return l10n.t('Choosing files…');
  return pickedText(picks);
}

/** "3 files picked, 4.2k tokens". */
export function pickedText(picks: PicksState): string {
  const { files } = picks;
  const tokens = total(files);
  if (files.length === 0) return l10n.t('No files fit the question');
  if (tokens === undefined) return files.length === 1 ? l10n.t('1 file picked') : l10n.t('{0} files picked', files.length);
  return files.length === 1 ? l10n.t('1 file picked, {0} tokens', short(tokens)) : l10n.t('{0} files picked, {1} tokens', files.length, short(tokens));
}
