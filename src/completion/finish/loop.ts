/** A small model that runs into a loop writes the same lines for ever: the first round is kept. */
export function cutLoop(text: string): string {
  const lines = text.split('\n');
  for (let period = 1; period * 3 <= lines.length; period++) {
    const start = firstLoop(lines, period);
    if (start !== undefined) return lines.slice(0, start + period).join('\n');
  }
  return text;
}

/** Where a round of so many lines begins that comes three times in a row. Blank lines, lone brackets and closing tags do repeat. */
function firstLoop(lines: readonly string[], period: number): number | undefined {
  for (let start = 0; start + 3 * period <= lines.length; start++) {
    const round = lines.slice(start, start + period);
    if (!round.some((line) => /[\p{L}\p{N}_]/u.test(line.replace(/<\/[\w-]+>/g, '')))) continue;
    const repeats = (times: number): boolean => round.every((line, index) => lines[start + times * period + index] === line);
    if (repeats(1) && repeats(2)) return start;
  }
  return undefined;
}
