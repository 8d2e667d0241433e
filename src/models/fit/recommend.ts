/** Which model to begin with on a machine. Pure; what is said of it is chosen where it is shown. */
import { spare } from '../../planner/window.ts';
import type { Catalogue, CatalogueFile, CatalogueModel } from '../catalogue/schema.ts';
import { fit, type Fit } from './fit.ts';
import { memoryOf, type Machine } from './machine.ts';
import { catalogueModel } from './shape.ts';

/** Why this one. `where` is where its layers are. */
export type Reason =
  /** The catalogue's first, which runs well. */
  | { readonly kind: 'first-choice'; readonly where: 'gpu' | 'both' | 'cpu' }
  /** The GPU has room for a better one, at full speed. */
  | { readonly kind: 'larger'; readonly than: string }
  /** The first choice is too much for this machine. */
  | { readonly kind: 'smaller'; readonly insteadOf: string; readonly because: Shortfall }
  /** Nothing is quick here; this is the quickest. */
  | { readonly kind: 'least-slow' };

export type Shortfall = 'too-large' | 'slow' | 'small-window';

export type Recommendation =
  | {
      readonly kind: 'model';
      /** In the catalogue. */
      readonly model: string;
      readonly quantisation: string;
      readonly fit: Fit;
      readonly reason: Reason;
    }
  /** Not even the smallest fits. Bytes of RAM. */
  | { readonly kind: 'none'; readonly smallest: string; readonly needed: number; readonly available: number };

/** A conversation about code needs as much, tokens. */
const leastWindow = 8192;
/** A larger model must leave so much from the start, and so much without losing speed. Tokens. */
const wantedFirst = 16_384;
const wantedAtSpeed = 32_768;
/** A finer quantisation must leave so much, in keys and values no coarser than Q8_0. Tokens. */
const roomy = 65_536;

interface Candidate {
  readonly model: CatalogueModel;
  readonly file: CatalogueFile;
  readonly fit: Fit;
}

/**
 * The first model for chats in the catalogue is the one to begin with; a larger one only where it runs on the GPU
 * altogether and fast, a smaller one where the first is not usable. Never one that does not fit.
 */
export function recommend({ models }: Pick<Catalogue, 'models'>, machine: Machine): Recommendation {
  const chat = models.filter(({ uses }) => uses.includes('chat'));
  const [first] = chat;
  if (!first) throw new RangeError('The catalogue has no model for chats.');
  const bySize = chat.toSorted((a, b) => b.parameters - a.parameters);
  for (const model of bySize.filter(({ parameters }) => parameters > first.parameters)) {
    const candidate = smallest(model, machine);
    if (runsEasily(candidate)) return chosen(finer(candidate, machine), { kind: 'larger', than: first.id });
  }
  const favourite = smallest(first, machine);
  const because = shortfall(favourite.fit);
  if (because === undefined) return chosen(finer(favourite, machine), { kind: 'first-choice', where: whereOf(favourite.fit) });
  const lesser = bySize.filter(({ parameters }) => parameters < first.parameters).map((model) => smallest(model, machine));
  const good = lesser.find((candidate) => shortfall(candidate.fit) === undefined);
  if (good) return chosen(good, { kind: 'smaller', insteadOf: first.id, because });
  const [quickest] = [favourite, ...lesser].filter((candidate) => candidate.fit.speed !== 'too-large').toSorted((a, b) => b.fit.tokensPerSecond - a.fit.tokensPerSecond);
  if (quickest) return chosen(quickest, { kind: 'least-slow' });
  const least = lesser.at(-1) ?? favourite;
  return { kind: 'none', smallest: least.model.id, needed: Math.round(least.fit.memory.gpu + least.fit.memory.ram), available: Math.max(0, Math.round(memoryOf(machine).ram - spare.ram)) };
}

/** The quantisation that takes least, which is the first. */
function smallest(model: CatalogueModel, machine: Machine): Candidate {
  const [file] = model.files;
  if (!file) throw new RangeError(`The catalogue has no file for ${model.id}.`);
  return { model, file, fit: fit(catalogueModel(model, file), machine) };
}

/** A finer quantisation where that costs nothing that one would notice. */
function finer(candidate: Candidate, machine: Machine): Candidate {
  const { model } = candidate;
  for (const file of model.files.toReversed()) {
    const one = { model, file, fit: fit(catalogueModel(model, file), machine) };
    const { atSpeed } = one.fit;
    if (runsEasily(one) && atSpeed.tokens >= Math.min(roomy, model.window.extended) && atSpeed.kvType !== 'q4_0') return one;
  }
  return candidate;
}

function runsEasily({ model, fit: { speed, layers, first, atSpeed } }: Candidate): boolean {
  return speed === 'fast' && layers.gpu === layers.all && first.tokens >= Math.min(wantedFirst, model.window.native) && atSpeed.tokens >= Math.min(wantedAtSpeed, model.window.native);
}

function shortfall({ speed, largest }: Fit): Shortfall | undefined {
  if (speed === 'too-large' || speed === 'slow') return speed;
  return largest.tokens < leastWindow ? 'small-window' : undefined;
}

function whereOf({ layers }: Fit): 'gpu' | 'both' | 'cpu' {
  if (layers.gpu === 0) return 'cpu';
  return layers.gpu === layers.all ? 'gpu' : 'both';
}

function chosen({ model, file, fit: found }: Candidate, reason: Reason): Recommendation {
  return { kind: 'model', model: model.id, quantisation: file.quantisation, fit: found, reason };
}
