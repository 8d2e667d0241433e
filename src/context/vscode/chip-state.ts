/** How what is in the context looks in the composer. */
import path from 'node:path/posix';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ChipState, OfferState } from '../../protocol/webview.ts';
import { attachmentId, isPinned, type Attachment } from '../attachment.ts';
import { reasonWords } from '../words.ts';
import type { Reading } from './attachment-reader.ts';

/** An attachment, with what is known of it so far. */
export interface Chip {
  readonly attachment: Attachment;
  readonly reading?: Reading;
  readonly tokens?: number;
}

export function chipState({ attachment, reading, tokens }: Chip): ChipState {
  const base = offerState(attachment);
  const problem = reading?.problem ?? (attachment.kind === 'workspace' && !vscode.workspace.isTrusted ? 'untrusted' : undefined);
  const files = reading && (attachment.kind === 'folder' || attachment.kind === 'editors') ? l10n.t('{0} files', reading.items.length) : undefined;
  const detail = [base.detail, files].filter((part) => part !== undefined).join(', ');
  return {
    ...base,
    ...(detail === '' ? {} : { detail }),
    tokens,
    pinned: isPinned(attachment),
    ...(problem ? { problem: reasonWords(problem) } : {}),
  };
}

export function offerState(attachment: Attachment): OfferState {
  const id = attachmentId(attachment);
  const { kind } = attachment;
  switch (kind) {
    case 'file':
    case 'folder': {
      const uri = vscode.Uri.parse(attachment.uri);
      const detail = vscode.workspace.asRelativePath(uri);
      return { id, kind, label: kind === 'folder' ? detail : path.basename(uri.path), detail };
    }
    case 'selection':
    case 'symbol':
      return { id, kind, label: attachment.label, detail: attachment.item.path };
    case 'editors':
      return { id, kind, label: l10n.t('Open editors') };
    case 'problems':
      return { id, kind, label: l10n.t('Problems') };
    case 'diff':
      return { id, kind, label: l10n.t('Changes') };
    case 'workspace':
      return { id, kind, label: l10n.t('Workspace') };
  }
}
