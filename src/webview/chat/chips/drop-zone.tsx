import type { JSX } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { Icon } from '../../shared/controls.tsx';
import { useSend } from '../send.ts';
import { bringsUris, droppedUris } from './drop.ts';

/** Takes files that are dropped anywhere onto the view, and says so while they hover over it. */
export function DropZone(): JSX.Element | null {
  const send = useSend();
  const [over, setOver] = useState(false);
  useLayoutEffect(() => {
    let fromHere = false;
    const wanted = (event: DragEvent): boolean => !fromHere && event.dataTransfer !== null && bringsUris(event.dataTransfer.types);
    const onStart = (): void => {
      fromHere = true;
    };
    const onEnd = (): void => {
      fromHere = false;
      setOver(false);
    };
    const onOver = (event: DragEvent): void => {
      if (!wanted(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!wanted(event)) return;
      event.preventDefault();
      const uris = droppedUris((type) => event.dataTransfer?.getData(type) ?? '');
      if (uris.length > 0) send({ type: 'dropContext', uris });
    };
    const listeners = { dragstart: onStart, dragend: onEnd, dragenter: onOver, dragover: onOver, dragleave: onLeave, drop: onDrop };
    const all = Object.entries(listeners) as [string, (event: Event) => void][];
    for (const [type, listener] of all) document.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of all) document.removeEventListener(type, listener);
    };
  }, [send]);
  return over ? (
    <div class="drop-overlay" aria-hidden="true">
      <div class="drop-words">
        <Icon name="add" />
        <p>{l10n.t('Drop to add to the context')}</p>
        <p class="meta">{l10n.t('Keep Shift held until you drop')}</p>
      </div>
    </div>
  ) : null;
}
