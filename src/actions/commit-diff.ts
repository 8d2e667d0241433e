/** Changes as a model is shown them that writes a commit message: no more than fits. Pure. */

export interface DiffPart {
  readonly path: string;
  readonly text: string;
}

/** One part for each file. */
export function diffParts(diff: string): readonly DiffPart[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter((text) => text.trim() !== '')
    .map((text) => ({ text, path: pathOf(text) }));
}

function pathOf(part: string): string {
  const [, added] = /^\+\+\+ "?b\/(.+?)"?\t?$/m.exec(part) ?? [];
  const [, named] = /^diff --git "?a\/.+?"? "?b\/(.+?)"?$/m.exec(part) ?? [];
  return added ?? named ?? '';
}

/** Of files that are only named. */
const mostNames = 20;
/** Of a line that names a file, or says how much is left out, at most; tokens. */
const ofLine = 16;
/** Fewer say nothing, lines of a file that does not fit. */
const fewest = 6;

/**
 * As many whole files as fit, the smallest first, in the order of the diff; then the beginning of the next one; the
 * others by name.
 * @param tokens of each part
 * @param room tokens
 */
export function fitDiff(parts: readonly DiffPart[], tokens: readonly number[], room: number): string {
  const order = parts.map((_, index) => index).toSorted((a, b) => (tokens[a] ?? 0) - (tokens[b] ?? 0));
  const whole = new Set<number>();
  let left = room;
  let over = 0;
  for (const index of order) {
    const size = tokens[index] ?? 0;
    if (over > 0 || size > left) over++;
    else {
      whole.add(index);
      left -= size;
    }
  }
  const cut = over > 0 ? order[whole.size] : undefined;
  const begun = cut === undefined ? undefined : beginning(parts[cut], tokens[cut] ?? 0, left - ofLine * (Math.min(over, mostNames) + 1));
  const kept = parts.flatMap((part, index) => (whole.has(index) ? [part.text] : index === cut && begun !== undefined ? [begun] : []));
  const named = parts.filter((_, index) => !whole.has(index) && !(index === cut && begun !== undefined));
  return kept.join('') + moreFiles(named);
}

function beginning(part: DiffPart | undefined, tokens: number, room: number): string | undefined {
  const lines = part?.text.split(/(?<=\n)/) ?? [];
  // Lines differ in what they take.
  const count = Math.floor((lines.length * room * 0.8) / Math.max(1, tokens));
  if (count < fewest) return undefined;
  const kept = lines.slice(0, count).join('');
  return `${kept}${kept.endsWith('\n') ? '' : '\n'}… ${String(lines.length - count)} more lines of ${part?.path ?? ''}\n`;
}

function moreFiles(parts: readonly DiffPart[]): string {
  if (parts.length === 0) return '';
  const names = parts.slice(0, mostNames).map(({ path }) => path);
  const rest = parts.length > mostNames ? ', …' : '';
  return `… ${parts.length === 1 ? '1 more file' : `${String(parts.length)} more files`}: ${names.join(', ')}${rest}\n`;
}
