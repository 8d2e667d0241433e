/** The first run as the view shows it: choices and downloads in words. Pure. */
import * as l10n from '@vscode/l10n';
import type { Hardware } from '../protocol/engine.ts';
import type { SetupCard, SetupDownload, SetupFile, SetupFit, SetupFound, SetupState } from '../protocol/setup.ts';
import type { CatalogueModel } from './catalogue/schema.ts';
import type { Choices, Found, Offered, OfferedFile } from './choices.ts';
import { isUnderWay, type DownloadState } from './download/state.ts';
import { inTime, percent } from './download/words.ts';
import type { Fit } from './fit/fit.ts';
import type { Recommendation } from './fit/recommend.ts';
import { inBytes, inTokens } from './quantities.ts';
import { machineLine, placeName, reasonSentence, recommendationSentence } from './words.ts';

export interface SetupFacts {
  readonly choices: Choices;
  readonly downloads: readonly DownloadState[];
  /** Quantisations that the user has chosen, by model. */
  readonly chosen: ReadonlyMap<string, string>;
  /** Host that downloads come from. */
  readonly source: string;
  /** Sentence and ways out of a failed download. */
  readonly failure: (state: DownloadState) => { readonly sentence: string; readonly ways: readonly string[] };
}

/** Models that are here already are offered first, but not all of them. */
const mostFound = 3;

export function setupState({ choices, downloads, chosen, source, failure }: SetupFacts): SetupState {
  const { hardware, recommendation, offered, found } = choices;
  const cards = inOrder(offered, recommendation).map((each): SetupCard => {
    const file = chosenFile(each, choices, downloads, chosen);
    const download = downloads.find((state) => isOf(state, file));
    const shown = download && downloadState(download, failure);
    return {
      id: each.model.id,
      name: each.model.name,
      description: describe(each.model, offered[0]?.model),
      ...(recommendation.kind === 'model' && recommendation.model === each.model.id ? { recommended: reasonSentence(recommendation.reason) } : {}),
      files: each.files.map((one) => fileState(one, each.model, hardware)),
      chosen: file.quantisation,
      ...(shown ? { download: shown } : {}),
    };
  });
  return {
    status: 'ready',
    machine: machineLine(choices),
    ...(recommendation.kind === 'none' ? { nothingFits: recommendationSentence(recommendation) } : {}),
    found: usable(found).slice(0, mostFound).map(foundState),
    cards,
    source,
  };
}

/** The file that a card is about: as the user chose, or else what is being downloaded, or is recommended, or takes least. */
function chosenFile({ model, files }: Offered, { recommendation }: Pick<Choices, 'recommendation'>, downloads: readonly DownloadState[], chosen: ReadonlyMap<string, string>): OfferedFile {
  const [least] = files;
  if (!least) throw new RangeError(`There is no file of ${model.id}.`);
  const wanted = chosen.get(model.id);
  const recommended = recommendation.kind === 'model' && recommendation.model === model.id ? recommendation.quantisation : undefined;
  return (
    files.find(({ quantisation }) => quantisation === wanted) ??
    files.find((file) => downloads.some((state) => isOf(state, file) && !isOver(state))) ??
    files.find(({ quantisation }) => quantisation === recommended) ??
    least
  );
}

export function isOf({ wanted }: Pick<DownloadState, 'wanted'>, file: OfferedFile): boolean {
  return wanted.id === file.wanted.id && wanted.path === file.wanted.path;
}

function isOver({ phase }: Pick<DownloadState, 'phase'>): boolean {
  return phase === 'done' || phase === 'cancelled';
}

/** The recommended one, then those that fit in the catalogue's order, then the rest. Those only for completions are left out. */
function inOrder(offered: readonly Offered[], recommendation: Recommendation): Offered[] {
  const place = ({ model, files }: Offered): number => {
    if (recommendation.kind === 'model' && recommendation.model === model.id) return 0;
    return files.some(({ fit }) => fit.speed !== 'too-large') ? 1 : 2;
  };
  return offered.filter(({ model, files }) => model.uses.includes('chat') && files.length > 0).toSorted((a, b) => place(a) - place(b));
}

/** What chats, fits and could be read; known ones first. */
function usable(found: readonly Found[]): Found[] {
  return found
    .filter(({ model, fit }) => fit && fit.speed !== 'too-large' && (!model || model.uses.includes('chat')))
    .toSorted((a, b) => Number(b.model !== undefined) - Number(a.model !== undefined));
}

function foundState({ file, model }: Found): SetupFound {
  return { path: file.path, name: model?.name ?? file.name, where: `${placeName(file.place)}, ${unbroken(inBytes(file.size))}` };
}

function describe({ thinking, parameters, activeParameters }: CatalogueModel, first: CatalogueModel | undefined): string {
  if (activeParameters !== undefined) return l10n.t('Large, for machines with much memory. Never thinks.');
  if (first && parameters > first.parameters) return l10n.t('Knows more, needs more. Thinks when a question needs it.');
  if (first && parameters < first.parameters / 4) return l10n.t('Tiny and quick, for simple questions.');
  if (first && parameters < first.parameters) return l10n.t('Small and quick, knows less.');
  switch (thinking) {
    case 'hybrid':
      return l10n.t('Thinks when a question needs it.');
    case 'never':
      return l10n.t('Answers at once, never thinks.');
    case 'always':
      return l10n.t('Always thinks. Best on hard problems, slower.');
  }
}

function fileState({ quantisation, bytes, exact, fit, path }: OfferedFile, model: CatalogueModel, hardware: Hardware): SetupFile {
  const size = unbroken(inBytes(bytes));
  return {
    quantisation,
    size: exact ? size : l10n.t('about {0}', size),
    window: windowWords(fit, model),
    fit: fitState(fit, hardware.gpus.length > 0),
    ...(path === undefined ? {} : { path }),
  };
}

/** What could be had here, which may be less than the model reaches. */
function windowWords({ largest }: Fit, { window }: CatalogueModel): string {
  const native = Math.min(window.native, largest.tokens === 0 ? window.native : largest.tokens);
  return largest.yarnFactor > 1 && largest.tokens > native ? l10n.t('{0} context, {1} with YaRN', inTokens(native), inTokens(largest.tokens)) : l10n.t('{0} context', inTokens(native));
}

function fitState({ speed, layers: { gpu, all }, memory }: Fit, hasGpu: boolean): SetupFit {
  if (speed === 'too-large') return { kind: 'none', text: l10n.t('Too large: needs about {0} of memory', unbroken(inBytes(memory.gpu + memory.ram))) };
  const layers = { gpu, all };
  if (gpu === all) return { kind: speed === 'slow' ? 'partly' : 'well', text: l10n.t('Fits your GPU: {0}/{1} layers', gpu, all), layers };
  if (gpu > 0) return { kind: 'partly', text: speed === 'slow' ? l10n.t('{0}/{1} layers on your GPU. Slow.', gpu, all) : l10n.t('{0}/{1} layers on your GPU. Slower.', gpu, all), layers };
  const rest = hasGpu ? { layers } : {};
  switch (speed) {
    case 'fast':
      return { kind: 'well', text: l10n.t('Runs fast on the CPU'), ...rest };
    case 'usable':
      return { kind: 'well', text: l10n.t('Runs on the CPU, faster than one reads'), ...rest };
    case 'slow':
      return { kind: 'partly', text: l10n.t('Slow on the CPU: one waits for every line'), ...rest };
  }
}

function downloadState(state: DownloadState, failure: SetupFacts['failure']): SetupDownload | undefined {
  const { phase, done, total } = state;
  if (phase === 'done' || phase === 'cancelled') return undefined;
  const share = total === undefined || total === 0 ? {} : { share: Math.min(1, done / total) };
  const parts = lineParts(state);
  const { name } = state.wanted;
  if (phase === 'failed') {
    const { sentence, ways } = failure(state);
    return { kind: 'failed', ...share, parts, news: l10n.t('The download of {0} failed', name), error: sentence, ways };
  }
  if (phase === 'paused') return { kind: 'paused', ...share, parts, news: l10n.t('The download of {0} is paused.', name), ways: [] };
  return { kind: 'busy', ...share, parts, news: isUnderWay(state) && phase === 'fetching' ? quarters(state) : `${name}: ${parts.join(', ')}`, ways: [] };
}

/** Told at each quarter, never at each per cent. */
function quarters(state: DownloadState): string {
  return l10n.t('Downloading {0}: {1} %', state.wanted.name, Math.floor((percent(state) ?? 0) / 25) * 25);
}

function lineParts(state: DownloadState): string[] {
  const { phase, speed, secondsLeft, attempt = 1, total, elsewhere } = state;
  const share = percent(state);
  const arrived = share === undefined ? [] : [unbroken(l10n.t('{0} %', share))];
  const other = elsewhere ? [l10n.t('in another window')] : [];
  switch (phase) {
    case 'queued':
      return [l10n.t('Waits for another download'), ...other];
    case 'listing':
      return [l10n.t('Asks for the list of files'), ...other];
    case 'fetching':
      return [
        ...(arrived.length > 0 ? arrived : [l10n.t('Starting…')]),
        ...(speed > 0 ? [unbroken(l10n.t('{0}/s', inBytes(speed)))] : []),
        ...(speed > 0 && secondsLeft !== undefined ? [unbroken(l10n.t('about {0} left', inTime(secondsLeft)))] : []),
        ...other,
      ];
    case 'waiting':
      return [...arrived, l10n.t('The connection is gone, attempt {0}', attempt + 1), ...other];
    case 'checking':
      return [l10n.t('Checking what has arrived'), ...other];
    case 'paused':
      return [share === undefined ? l10n.t('Paused') : unbroken(l10n.t('Paused at {0} %', share))];
    case 'failed':
      return [share === undefined ? l10n.t('Failed') : unbroken(l10n.t('Failed at {0} %', share))];
    case 'done':
    case 'cancelled':
      return total === undefined ? [] : arrived;
  }
}

function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}
