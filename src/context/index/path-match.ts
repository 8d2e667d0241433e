/** Which paths match what is typed, as in quick open: its characters in their order, best at the beginnings of words. Pure. */
import { Best } from './best.ts';

export interface PathMatch {
  /** Place of the path among all. */
  readonly index: number;
  readonly path: string;
  readonly score: number;
  /** Places of the matching characters, rising, UTF-16 units. */
  readonly matches: readonly number[];
}

/** Of one character: that it matches, that it follows the one before, how it stands. */
const points = { match: 1, follows: 5, wordStart: 6, nameStart: 9, hump: 6, sameCase: 0.5, inName: 3 } as const;
/** For the whole: all of it is the name, the name begins with it, a character of the path that is not typed. */
const whole = { name: 30, nameBegin: 12, length: -0.03 } as const;

/** More cannot be typed by a person, UTF-16 units; longer paths do not match. */
const longestQuery = 100;
const longestPath = 1000;

const separators = '/\\._- ';

interface Prepared {
  readonly path: string;
  readonly lower: string;
  /** Where the name begins. */
  readonly name: number;
  /** What a match at each place is worth; made when it is first needed. */
  worth: Float32Array | undefined;
}

export class PathMatcher {
  readonly #paths: readonly Prepared[];

  constructor(paths: readonly string[]) {
    this.#paths = paths.map((path) => ({ path, lower: lowered(path), name: path.lastIndexOf('/') + 1, worth: undefined }));
  }

  /** The best first. White space in the query parts pieces that may stand in any order. */
  match(query: string, limit: number): PathMatch[] {
    const pieces = query.slice(0, longestQuery).replaceAll('\\', '/').split(/\s+/).filter(Boolean);
    const lowerPieces = pieces.map(lowered);
    const best = new Best<{ readonly prepared: Prepared; readonly index: number }>(limit, (a, b) => before(a.prepared.path, b.prepared.path));
    this.#paths.forEach((prepared, index) => {
      if (prepared.path.length > longestPath || !lowerPieces.every((piece) => isWithin(piece, prepared.lower))) return;
      let score = whole.length * prepared.path.length;
      lowerPieces.forEach((piece, place) => (score += scoreOf(piece, pieces[place] ?? '', prepared)));
      if (best.takes(score)) best.add(score, { prepared, index });
    });
    return best.items().map(({ score, item: { prepared, index } }) => {
      const matches = new Set(lowerPieces.flatMap((piece, place) => placesOf(piece, pieces[place] ?? '', prepared)));
      return { index, path: prepared.path, score, matches: [...matches].sort((a, b) => a - b) };
    });
  }
}

function before(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}

/** Lower-case of the same length: a character that becomes two, like İ, stays. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : Array.from(text, (each) => (each.toLowerCase().length === each.length ? each.toLowerCase() : each)).join('');
}

function isWithin(piece: string, path: string): boolean {
  let from = 0;
  for (const character of piece) {
    from = path.indexOf(character, from) + character.length;
    if (from < character.length) return false;
  }
  return true;
}

function worthOf({ path, name }: Prepared): Float32Array {
  const worth = new Float32Array(path.length);
  let previous = '/';
  for (let column = 0; column < path.length; column++) {
    const own = path[column] ?? '';
    const place = column === name ? points.nameStart : separators.includes(previous) ? points.wordStart : isCapital(own) && !isCapital(previous) ? points.hump : 0;
    worth[column] = points.match + place + (column >= name ? points.inName : 0);
    previous = own;
  }
  return worth;
}

function isCapital(character: string): boolean {
  return (character >= 'A' && character <= 'Z') || (character > '\x7f' && character !== character.toLowerCase());
}

/** The best of all ways to place the characters: with that of the row at the column, and there or before. Used again and again. */
const here = new Float64Array(longestQuery * longestPath);
const best = new Float64Array(longestQuery * longestPath);

/** Row by row over what is typed, column by column over the path. The path has all characters in their order. */
function scoreOf(piece: string, typed: string, prepared: Prepared): number {
  const worth = (prepared.worth ??= worthOf(prepared));
  const { path, lower, name } = prepared;
  const [rows, columns] = [piece.length, path.length];
  for (let row = 0; row < rows; row++) {
    const [character, written] = [piece.charCodeAt(row), typed.charCodeAt(row)];
    let soFar = -Infinity;
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      let score = -Infinity;
      if (lower.charCodeAt(column) === character && (row === 0 || column > 0)) {
        const previous = at - columns - 1;
        const base = row === 0 ? 0 : Math.max((here[previous] ?? 0) + points.follows, best[previous] ?? 0);
        score = base + (worth[column] ?? 0) + (path.charCodeAt(column) === written ? points.sameCase : 0);
      }
      here[at] = score;
      if (score > soFar) soFar = score;
      best[at] = soFar;
    }
  }
  const score = best[rows * columns - 1] ?? 0;
  const rest = lower.slice(name);
  if (!rest.startsWith(piece)) return score;
  return score + (rest === piece || rest.replace(/\.[^.]+$/, '') === piece ? whole.name : whole.nameBegin);
}

/** From the end back to the beginning, along what made the best score. */
function placesOf(piece: string, typed: string, prepared: Prepared): number[] {
  scoreOf(piece, typed, prepared);
  const columns = prepared.path.length;
  const places: number[] = [];
  let column = columns - 1;
  let mustFollow = false;
  for (let row = piece.length - 1; row >= 0; row--) {
    while (!mustFollow && column > 0 && here[row * columns + column] !== best[row * columns + column]) column--;
    places.unshift(column);
    const previous = (row - 1) * columns + column - 1;
    mustFollow = row > 0 && (here[previous] ?? 0) + points.follows >= (best[previous] ?? 0);
    column--;
  }
  return places;
}
