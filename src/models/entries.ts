/** What the picker of models lists, in its order. Pure; `vscode/chooser.ts` shows it. */
import * as l10n from '@vscode/l10n';
import type { Choices, Found, Offered, OfferedFile } from './choices.ts';
import { places } from './found/found.ts';
import { inBytes } from './quantities.ts';
import { fitLine, placeName, reasonSentence, refusalSentence } from './words.ts';

export type Purpose = 'chat' | 'completion';

export type Entry =
  | { readonly kind: 'heading'; readonly label: string }
  /** A file that is here; `path` is absolute. */
  | (Line & { readonly kind: 'use'; readonly path: string; readonly inUse: boolean; readonly offered?: Offered })
  | (Line & { readonly kind: 'download'; readonly offered: Offered; readonly file: OfferedFile })
  | (Line & { readonly kind: 'file' | 'folder' | 'same-as-chat' });

interface Line {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

export interface Asked {
  readonly purpose: Purpose;
  /** Absolute path of what is used now; empty: nothing. */
  readonly current: string;
  /** Shows only what can be downloaded. */
  readonly onlyDownloads?: boolean;
}

/** @param choices undefined: they are still being read; what can be said without them is listed */
export function entriesOf(choices: Choices | undefined, { purpose, current, onlyDownloads = false }: Asked): Entry[] {
  const here = choices && !onlyDownloads ? foundEntries(choices, purpose, current) : [];
  return [...(onlyDownloads ? [] : inUseEntry(choices, purpose, current)), ...here, ...(choices ? downloadEntries(choices, purpose) : []), ...(onlyDownloads ? [] : lastEntries())];
}

function inUseEntry(choices: Choices | undefined, purpose: Purpose, current: string): Entry[] {
  const heading = { kind: 'heading', label: l10n.t('In use') } as const;
  if (current === '') return purpose === 'completion' ? [heading, { kind: 'same-as-chat', label: l10n.t('The model of the chat'), description: '', detail: l10n.t('Completions come from it, too.') }] : [];
  const found = choices?.found.find(({ file }) => file.path === current);
  const line = choices && found ? foundLine(found, choices, purpose) : { label: baseName(current), description: '', detail: current };
  const same = { kind: 'same-as-chat', label: l10n.t('The model of the chat'), description: '', detail: l10n.t('Let completions come from it, too.') } as const;
  return [heading, { kind: 'use', path: current, inUse: true, ...line }, ...(purpose === 'completion' ? [same] : [])];
}

function foundEntries(choices: Choices, purpose: Purpose, current: string): Entry[] {
  const { found } = choices;
  // One that only completes is nothing for a chat.
  const fitting = found.filter(({ file, chats, refusal }) => file.path !== current && refusal === undefined && (purpose === 'completion' || chats !== false));
  return places.flatMap((place): Entry[] => {
    const ofPlace = fitting.filter(({ file }) => file.place === place);
    const ordered = purpose === 'completion' ? ofPlace.toSorted((a, b) => fillsHoles(b) - fillsHoles(a)) : ofPlace;
    if (ordered.length === 0) return [];
    return [
      { kind: 'heading', label: l10n.t('On this computer: {0}', placeName(place)) },
      ...ordered.map((each): Entry => ({ kind: 'use', path: each.file.path, inUse: false, ...foundLine(each, choices, purpose) })),
    ];
  });
}

function fillsHoles({ model }: Found): number {
  return model?.infill === 'trained' ? 1 : 0;
}

function foundLine({ file, model, fit, quantisation, refusal }: Found, { offered, recommendation }: Choices, purpose: Purpose): Line & { readonly offered?: Offered } {
  const known = offered.find((each) => each.model.id === model?.id);
  const recommended = purpose === 'chat' && recommendation.kind === 'model' && known?.files.some((each) => each.path === file.path && known.model.id === recommendation.model && each.quantisation === recommendation.quantisation);
  const detail = refusal ? refusalSentence(refusal, file.name) : fit ? fitLine(fit) : '';
  const size = inBytes(file.size);
  const said = quantisation === undefined || file.name.toLowerCase().includes(quantisation.toLowerCase());
  return {
    label: recommended === true ? `$(star-full) ${file.name}` : file.name,
    description: said ? size : `${quantisation}, ${size}`,
    detail: recommended === true ? l10n.t('Recommended: {0} {1}', reasonSentence(recommendation.reason), detail) : detail,
    ...(known ? { offered: known } : {}),
  };
}

function downloadEntries({ offered, recommendation }: Choices, purpose: Purpose): Entry[] {
  const first = recommendation.kind === 'model' && purpose === 'chat' ? recommendation : undefined;
  const fitting = offered.filter(({ model }) => model.uses.includes(purpose));
  // Anything that talks completes somehow, but what was trained for it goes first.
  const others = purpose === 'completion' ? offered.filter((each) => !fitting.includes(each)) : [];
  const ordered = [...fitting, ...others].toSorted((a, b) => Number(b.model.id === first?.model) - Number(a.model.id === first?.model));
  const entries = ordered.flatMap((each): Entry[] => {
    const recommended = each.model.id === first?.model;
    const file = each.files.find(({ quantisation }) => recommended && quantisation === first.quantisation) ?? each.files[0];
    // What is here already is listed above.
    if (!file || file.path !== undefined) return [];
    return [quantisationEntry(each, file, recommended ? reasonSentence(first.reason) : undefined)];
  });
  return entries.length === 0 ? [] : [{ kind: 'heading', label: l10n.t('To download') }, ...entries];
}

/** A model at one quantisation: downloaded, or used where it is here already. @param reason why it is recommended; absent: it is not */
export function quantisationEntry(offered: Offered, file: OfferedFile, reason?: string): Entry {
  const { model } = offered;
  const size = file.exact ? inBytes(file.bytes) : l10n.t('about {0}', inBytes(file.bytes));
  const line = {
    label: reason === undefined ? model.name : `$(star-full) ${model.name}`,
    description: [file.quantisation, size, ...(file.path === undefined ? [] : [l10n.t('on this computer')])].join(', '),
    detail: reason === undefined ? fitLine(file.fit) : l10n.t('Recommended: {0} {1}', reason, fitLine(file.fit)),
  };
  return file.path === undefined ? { kind: 'download', offered, file, ...line } : { kind: 'use', path: file.path, inUse: false, ...line };
}

function lastEntries(): Entry[] {
  return [
    { kind: 'heading', label: l10n.t('Elsewhere') },
    { kind: 'file', label: `$(file) ${l10n.t('Use a file…')}`, description: '', detail: l10n.t('Any GGUF file; it is used where it lies.') },
    { kind: 'folder', label: `$(folder) ${l10n.t('Models folder…')}`, description: '', detail: l10n.t('A folder to find models in, and to download them to.') },
  ];
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
