/** What the engine is told of a model that it cannot see in the file. Looked at on activation, so it validates nothing. */
import type { LoadParams } from '../protocol/engine.ts';
import data from './catalogue/catalogue.json' with { type: 'json' };
import { keyOf, keysOf, stemOf } from './catalogue/names.ts';
import { correctionFor } from './correction-match.ts';
import type { Correction } from './corrections.ts';

/**
 * Undefined: the file says it all. Before it is loaded a model is known by its file name alone, so the catalogue is
 * asked for one thing only: how far it may be stretched where its card does not speak of that, for no template tells.
 */
export function loadProfile(path: string, corrections: readonly Correction[]): LoadParams['profile'] {
  const { thinking, window: corrected } = correctionFor(path, corrections) ?? {};
  const window = { ...unstretched(path), ...corrected };
  const entries = { ...(thinking === undefined ? {} : { thinking }), ...(Object.keys(window).length === 0 ? {} : { window }) };
  return Object.keys(entries).length === 0 ? undefined : entries;
}

function unstretched(path: string): { readonly extended?: number } {
  const key = keyOf(stemOf(path));
  const known = data.models.find((model) => model.thinking === 'hybrid' && model.window.extended === model.window.native && keysOf(model).includes(key));
  return known ? { extended: known.window.extended } : {};
}
