import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { LeftOutState } from '../../../protocol/webview.ts';
import { short } from '../../shared/format.ts';
import { Disclosure } from './disclosure.tsx';
import { exactly } from './tokens.ts';

export interface LeftOutProps {
  readonly files: readonly LeftOutState[];
  /** Of a question that has been sent, not of the next one. */
  readonly past?: boolean;
}

/** What does not get read, and why. */
export function LeftOut({ files, past }: LeftOutProps): JSX.Element | null {
  if (files.length === 0) return null;
  return (
    <div class={past ? 'left-out past' : 'left-out'}>
      <Disclosure icon="circle-slash" label={past ? wasLeftOut(files.length) : isLeftOut(files.length)}>
        <ul class="rows">
          {files.map((file, index) => (
            <li key={index} class="row-line" title={`${file.label}\n${file.why}`}>
              <span class="ellipsis">{file.label}</span>
              <span class="row-why ellipsis">{file.why}</span>
              {file.tokens !== undefined && (
                <span class="row-tokens figures" title={exactly(file.tokens)}>
                  {short(file.tokens)}
                  <span class="hidden">{l10n.t('tokens')}</span>
                </span>
              )}
            </li>
          ))}
        </ul>
      </Disclosure>
    </div>
  );
}

function isLeftOut(files: number): string {
  return files === 1 ? l10n.t('1 file is left out') : l10n.t('{0} files are left out', files);
}

function wasLeftOut(files: number): string {
  return files === 1 ? l10n.t('1 file was left out') : l10n.t('{0} files were left out', files);
}
