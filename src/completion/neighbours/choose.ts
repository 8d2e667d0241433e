/** Which parts of other files go with a completion, and in which order: one that changes little, so that the model reads little again. Pure. */

const kinds = ['declaration', 'edit', 'editor'] as const;

/** Something of another file that may help: the whole of it, or the parts that matter. */
export interface Neighbour {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly content: string;
  readonly kind: (typeof kinds)[number];
}

/** What one takes of a budget, UTF-16 units. */
export function sizeOf({ path, content }: Neighbour): number {
  return path.length + content.length;
}

/**
 * Chooses what is most useful within a budget. Those of `previous` keep their place and their text for as long as they
 * are candidates and leave half the budget to what is most useful now; what is new, or has changed, comes after them.
 * @param candidates of each kind the most useful first
 * @param budget UTF-16 units
 * @param previous what was chosen last
 */
export function chooseNeighbours(candidates: readonly Neighbour[], budget: number, previous: readonly Neighbour[]): Neighbour[] {
  const ranked = inTurn(candidates, budget / 2);
  const [best, stale] = [bestOf(ranked, budget / 2), ranked.filter((one) => has(previous, one))];
  const chosen: Neighbour[] = [];
  let room = budget;
  for (const one of [...best, ...stale, ...ranked]) {
    if (sizeOf(one) > room || chosen.some((other) => overlap(one, other))) continue;
    chosen.push(one);
    room -= sizeOf(one);
  }
  const staying = unique(previous).filter((one) => has(chosen, one));
  return [...staying, ...chosen.filter((one) => !has(staying, one))];
}

/**
 * The first of each kind, then the second of each: a long list of one kind does not keep out the best of another.
 * @param large what is no larger stands for those of its parts that are candidates too
 */
function inTurn(candidates: readonly Neighbour[], large: number): Neighbour[] {
  const given = candidates.filter(({ content }) => content.trim() !== '');
  const turns = kinds.flatMap((kind) => given.filter((one) => one.kind === kind).map((one, turn) => ({ one, turn })));
  const ranked = turns.sort((a, b) => a.turn - b.turn).map(({ one }) => one);
  const wholes = ranked.filter((one) => sizeOf(one) <= large).sort((a, b) => sizeOf(b) - sizeOf(a));
  return unique(ranked.map((one) => wholes.find((whole) => overlap(one, whole) && sizeOf(whole) > sizeOf(one)) ?? one));
}

/** From the beginning on, without those that would be too large anyway. */
function bestOf(ranked: readonly Neighbour[], budget: number): Neighbour[] {
  const small = ranked.filter((one) => sizeOf(one) <= budget);
  const end = small.findIndex((_, index) => total(small.slice(0, index + 1)) > budget);
  return end < 0 ? small : small.slice(0, end);
}

/** Whether one says all that the other does. */
function overlap(a: Neighbour, b: Neighbour): boolean {
  return a.path === b.path && (a.content.includes(b.content.trim()) || b.content.includes(a.content.trim()));
}

function total(neighbours: readonly Neighbour[]): number {
  return neighbours.reduce((sum, one) => sum + sizeOf(one), 0);
}

function has(neighbours: readonly Neighbour[], { path, kind, content }: Neighbour): boolean {
  return neighbours.some((other) => other.path === path && other.kind === kind && other.content === content);
}

function unique(neighbours: readonly Neighbour[]): Neighbour[] {
  return neighbours.filter((one, index) => !has(neighbours.slice(0, index), one));
}
