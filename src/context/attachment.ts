/** What a user has put into the context: what it is, not yet what it says. Pure. */
import type { ContextItem } from './item.ts';

export type Attachment =
  /** Read as they are whenever a question is asked. `uri` as text. */
  | { readonly kind: 'file' | 'folder'; readonly uri: string }
  /** Read when they were added: they are what the user had in sight. */
  | { readonly kind: 'selection' | 'symbol'; readonly uri: string; readonly label: string; readonly item: ContextItem }
  /** Whatever there is of them when the question is asked. */
  | { readonly kind: 'editors' | 'problems' | 'diff' | 'workspace' };

/** One attachment from another; the same twice is the same. */
export function attachmentId(attachment: Attachment): string {
  switch (attachment.kind) {
    case 'file':
    case 'folder':
      return `${attachment.kind}:${attachment.uri}`;
    case 'selection':
    case 'symbol': {
      const { start = 0, end = 0 } = attachment.item.lines ?? {};
      return `${attachment.kind}:${attachment.uri}#${String(start)}-${String(end)}`;
    }
    default:
      return attachment.kind;
  }
}

/** Whether it stays from question to question. */
export function isPinned({ kind }: Attachment): boolean {
  return kind === 'file' || kind === 'folder';
}

/** A path's last part. */
export function baseName(path: string): string {
  return path.slice(path.replace(/\/+$/, '').lastIndexOf('/') + 1);
}

/** A path without its last part; empty at the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.replace(/\/+$/, '').lastIndexOf('/')));
}
