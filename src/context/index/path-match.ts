/** Which paths match what is typed, as in quick open: its characters in their order, best at the beginnings of words. Pure. */

export interface PathMatch {
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

/** Undefined where it does not match. White space in the query parts pieces that may stand in any order. */
export function matchPath(query: string, path: string): PathMatch | undefined {
  const pieces = query.slice(0, longestQuery).replaceAll('\\', '/').split(/\s+/).filter(Boolean);
  if (path.length > longestPath) return undefined;
  const lower = lowered(path);
  const found: PathMatch[] = [];
  for (const piece of pieces) {
    const match = isWithin(lowered(piece), lower) ? matchPiece(piece, path, lower) : undefined;
    if (!match) return undefined;
    found.push(match);
  }
  const score = found.reduce((sum, match) => sum + match.score, 0) + whole.length * path.length;
  return { score, matches: [...new Set(found.flatMap(({ matches }) => matches))].sort((a, b) => a - b) };
}

/** The best `limit` of the paths. @returns their places among all, with what matches */
export function matchPaths(query: string, paths: readonly string[], limit: number): (PathMatch & { readonly index: number })[] {
  const found = paths.flatMap((path, index) => {
    const match = matchPath(query, path);
    return match ? { ...match, index } : [];
  });
  const text = (index: number): string => paths[index] ?? '';
  return found.sort((a, b) => b.score - a.score || text(a.index).length - text(b.index).length || (text(a.index) < text(b.index) ? -1 : 1)).slice(0, limit);
}

/** Lower-case of the same length: a character that becomes two, like İ, stays. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : Array.from(text, (each) => (each.toLowerCase().length === each.length ? each.toLowerCase() : each)).join('');
}

function isWithin(piece: string, path: string): boolean {
  let from = 0;
  for (const character of piece) {
    from = path.indexOf(character, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

/** The best of all ways to place the characters: row by row over the query, column by column over the path. */
function matchPiece(piece: string, path: string, lower: string): PathMatch | undefined {
  const query = lowered(piece);
  const [rows, columns] = [query.length, path.length];
  const name = path.lastIndexOf('/') + 1;
  /** The best score with the character of the row at the column, and with it there or before. */
  const here = new Float64Array(rows * columns).fill(-Infinity);
  const best = new Float64Array(rows * columns).fill(-Infinity);
  for (let row = 0; row < rows; row++) {
    for (let column = row; column < columns; column++) {
      const at = row * columns + column;
      if (query.charCodeAt(row) === lower.charCodeAt(column)) {
        const own = worth(piece, path, row, column, name);
        if (row === 0) here[at] = own;
        else if (column > 0) {
          const before = at - columns - 1;
          here[at] = own + Math.max((here[before] ?? -Infinity) + points.follows, best[before] ?? -Infinity);
        }
      }
      best[at] = Math.max(here[at] ?? -Infinity, column > 0 ? (best[at - 1] ?? -Infinity) : -Infinity);
    }
  }
  const score = best[rows * columns - 1] ?? -Infinity;
  if (score === -Infinity) return undefined;
  return { score: score + wholeWorth(query, lower.slice(name)), matches: trace(here, best, rows, columns) };
}

function worth(piece: string, path: string, row: number, column: number, name: number): number {
  const before = path[column - 1] ?? '/';
  const own = path[column] ?? '';
  const place = column === name ? points.nameStart : /[/\\._\- ]/.test(before) ? points.wordStart : /\p{Lu}/u.test(own) && !/\p{Lu}/u.test(before) ? points.hump : 0;
  return points.match + place + (own === piece[row] ? points.sameCase : 0) + (column >= name ? points.inName : 0);
}

function wholeWorth(query: string, name: string): number {
  if (name === query || name.replace(/\.[^.]+$/, '') === query) return whole.name;
  return name.startsWith(query) ? whole.nameBegin : 0;
}

/** From the end back to the beginning, along what made the best score. */
function trace(here: Float64Array, best: Float64Array, rows: number, columns: number): number[] {
  const places: number[] = [];
  let column = columns - 1;
  let mustFollow = false;
  for (let row = rows - 1; row >= 0; row--) {
    while (!mustFollow && here[row * columns + column] !== best[row * columns + column]) column--;
    places.unshift(column);
    const before = (row - 1) * columns + column - 1;
    mustFollow = row > 0 && (here[before] ?? -Infinity) + points.follows >= (best[before] ?? -Infinity);
    column--;
  }
  return places;
}
