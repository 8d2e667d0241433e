/** Functions of 60 lines, each with one local name to be changed. Made by a script, the same in every run. */

export interface RenameCase {
  readonly from: string;
  readonly to: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const length = 60;

/** The name to be changed, and two that stay. */
interface Names {
  readonly name: string;
  readonly item: string;
  readonly field: string;
}

/** Statements as code has them; some mention the name, some do not. */
const blocks: readonly ((names: Names, number: number) => readonly string[])[] = [
  ({ name, item, field }, number) => [`  for (const ${item} of source.${field}s) {`, `    if (${item}.${field} > ${String(number)}) ${name} += ${item}.${field};`, `    else skipped.push(${item}.id);`, '  }'],
  ({ item, field }, number) => [`  const ${field}${String(number)} = source.find((${item}) => ${item}.kind === '${field}');`, `  if (!${field}${String(number)}) throw new Error('There is no ${field}.');`],
  ({ name }, number) => [`  if (${name} >= limits[${String(number)}]) {`, `    report('over the limit', { ${name}, limit: limits[${String(number)}] });`, `    ${name} = limits[${String(number)}];`, '  }'],
  ({ item }, number) => [`  switch (mode) {`, `    case 'fast':`, `      queue.push(${item}Of(${String(number)}));`, `      break;`, `    default:`, `      await flush(queue, { retries: ${String(number)} });`, '  }'],
  ({ field }, number) => [`  // The ${field} comes first, because the others are compared with it.`, `  const order${String(number)} = [...queue].sort((a, b) => a.${field} - b.${field});`],
  ({ name, field }, number) => [`  const share${String(number)} = ${name} === 0 ? 0 : ${field}Of(${String(number)}) / ${name};`, `  log.debug(\`share \${share${String(number)}.toFixed(2)}\`);`],
  ({ item, field }, number) => [`  while (queue.length > ${String(number)}) {`, `    const ${item} = queue.shift();`, `    if (${item}) seen.set(${item}.id, ${item}.${field});`, '  }'],
  ({ item }, number) => [`  try {`, `    await store.write('${item}-${String(number)}.json', JSON.stringify([...seen]));`, `  } catch (error) {`, `    log.warn('could not write', error);`, '  }'],
];

const renames: readonly (readonly [from: string, to: string, item: string, field: string])[] = [
  ['total', 'sum', 'order', 'price'],
  ['count', 'visited', 'node', 'depth'],
  ['result', 'outcome', 'entry', 'score'],
  ['usedBytes', 'memoryInUse', 'block', 'size'],
  ['t', 'elapsed', 'event', 'delay'],
  ['remaining_weight', 'rest', 'parcel', 'weight'],
];

export function renameCases(): RenameCase[] {
  return renames.map(([from, to, item, field], index) => {
    const before = functionOf({ name: from, item, field }, index);
    return { from, to, before, after: before.map((line) => line.replace(new RegExp(`(?<![\\w.'])${from}\\b(?!')`, 'g'), to)) };
  });
}

function functionOf(names: Names, seed: number): string[] {
  const lines = [
    `export async function ${names.field}s${String(seed)}(source: Source, limits: readonly number[], mode: Mode): Promise<number> {`,
    ...['  const skipped: string[] = [];', '  const seen = new Map<string, number>();', `  const queue = [...source.${names.item}s];`].toSpliced(seed % 4, 0, `  let ${names.name} = 0;`),
  ];
  for (let at = seed; lines.length < length - 2; at += 3) {
    const block = blocks[at % blocks.length]?.(names, at) ?? [];
    const room = length - 2 - lines.length;
    lines.push(...(block.length <= room ? block : Array.from({ length: room }, (_, rest) => `  log.debug('step ${String(at + rest)}');`)));
  }
  return [...lines, `  return ${names.name};`, '}'];
}
