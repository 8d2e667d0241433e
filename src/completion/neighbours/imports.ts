/** The names that a file imports, found by patterns: enough to know what to ask the language services for. Pure. */

/** Line and character count from 0; characters in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface ImportedName {
  /** As the file calls it; dotted where a module has to be named in full. */
  readonly name: string;
  readonly place: Place;
  /** It stands for a module: of use are its members only. */
  readonly module: boolean;
  /** Says where it comes from; the same as long as that is the same. */
  readonly source: string;
  /** The first and the last line of the import. */
  readonly lines: readonly [number, number];
}

interface Pattern {
  /** With the names in the first group. Every repetition is bounded: it also meets files that were made to be slow. */
  readonly statement: RegExp;
  /** What parts the names; each piece's last identifier is one. */
  readonly separators?: RegExp;
  readonly identifier?: RegExp;
  readonly comments?: RegExp;
  readonly isModule?: (piece: string) => boolean;
  /** A name that is not as it is written. */
  readonly rename?: (name: string) => string;
  /** A piece alone does not say where it comes from. */
  readonly nested?: true;
}

const word = String.raw`[\p{L}_$][\p{L}\p{N}_$]{0,200}`;
/** The last identifier of a piece. */
const lastWord = new RegExp(String.raw`(?<![\p{L}\p{N}_$])(${word})\s{0,50}$`, 'u');
const dotted = new RegExp(String.raw`(?<![\p{L}\p{N}_$.])(${word}(?:\.${word}){0,20})\s{0,50}$`, 'u');
const slashComments = /\/\*[^]*?\*\/|\/\/[^\n]*/g;
const hashComments = /#[^\n]*/g;
const always = (): boolean => true;

const ecmascript: readonly Pattern[] = [
  {
    statement: /^[ \t]*import\b([^'";]{1,4000}?)\bfrom\s{0,50}['"][^'"\n]{1,500}/dgm,
    separators: /[,{}]/,
    comments: slashComments,
    isModule: (piece) => piece.includes('*'),
  },
  { statement: /^[ \t]*(?:const|let|var)\s{1,20}(\{[^{}]{1,4000}\}|[\w$]{1,200})\s{0,20}=\s{0,20}require\([^)\n]{1,500}/dgm, separators: /[,{}]/, comments: slashComments },
];

const python: readonly Pattern[] = [
  {
    statement: /^[ \t]*from[ \t]{1,20}[.\p{L}\p{N}_]{1,300}[ \t]{1,20}import\b([ \t]{0,20}\([^)]{1,4000}\)|(?:\\\r?\n|[^\n#;]){1,2000})/dgmu,
    separators: /[,()]/,
    comments: hashComments,
  },
  {
    statement: /^[ \t]*import[ \t]{1,20}([^\n#;]{1,2000})/dgm,
    identifier: dotted,
    isModule: always,
  },
];

const go: readonly Pattern[] = [
  {
    statement: /^import[ \t]{0,20}(\([^)]{1,8000}\)|[^\n(]{1,500})/dgm,
    separators: /[\n;()]/,
    comments: slashComments,
    // `alias "path"`, or the last part of the path that is no version.
    identifier: /([\p{L}_][\p{L}\p{N}_]{0,200})[ \t]{1,50}"[^"]{1,500}"\s{0,50}$|([\p{L}_][\p{L}\p{N}_.-]{0,200})(?:\/v\d{1,3})?"\s{0,50}$/u,
    isModule: always,
    rename: (name) => name.replace(/\.v\d+$/, '').replace(/^go-|-go$/, ''),
  },
];

const publicly = String.raw`^[ \t]*(?:pub(?:\([^)]{1,100}\))?[ \t]{1,20})?`;
const rust: readonly Pattern[] = [
  { statement: new RegExp(String.raw`${publicly}use\b([^;]{1,4000});`, 'dgm'), separators: /[,{}]/, comments: slashComments, nested: true },
  { statement: new RegExp(String.raw`${publicly}mod[ \t]{1,20}([\w]{1,200})[ \t]{0,20};`, 'dgm'), isModule: always },
];

const jvm: readonly Pattern[] = [
  { statement: new RegExp(String.raw`^[ \t]*import[ \t]{1,20}(?:static[ \t]{1,20})?([\p{L}\p{N}_$.]{1,500}(?:[ \t]{1,20}as[ \t]{1,20}${word})?)`, 'dgmu') },
];

const using = String.raw`^[ \t]*(?:global[ \t]{1,20})?using[ \t]{1,20}`;
const csharp: readonly Pattern[] = [
  { statement: new RegExp(String.raw`${using}(${word})[ \t]{0,20}=[^;\n]{1,500}`, 'dgmu') },
  { statement: new RegExp(String.raw`${using}(?:static[ \t]{1,20})?(${word}(?:\.${word}){0,20})[ \t]{0,20};`, 'dgmu'), identifier: dotted, isModule: always },
];

/** By VS Code's language ids. */
const patterns = new Map<string, readonly Pattern[]>([
  ...['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'vue', 'svelte'].map((id) => [id, ecmascript] as const),
  ['python', python],
  ['go', go],
  ['rust', rust],
  ...['java', 'kotlin'].map((id) => [id, jvm] as const),
  ['csharp', csharp],
]);

/** How far into a file imports are looked for: lines, and UTF-16 units. */
export const importLines = 500;
const importUnits = 50_000;

/** Words of the languages that stand where a name may. */
const noNames = new Set(['_', 'self', 'super', 'crate', 'as', 'type', 'default']);

/** @param head the first lines of a file; more than `importLines` are not looked at */
export function importedNames(head: string, language: string): ImportedName[] {
  const text = head.slice(0, importUnits).split('\n', importLines).join('\n');
  const place = placesIn(text);
  const found = (patterns.get(language) ?? []).flatMap((pattern) => [...text.matchAll(pattern.statement)].flatMap((match) => namesOf(match, pattern, place)));
  return found.sort((a, b) => a.place.line - b.place.line || a.place.character - b.place.character);
}

function namesOf(match: RegExpMatchArray, pattern: Pattern, place: (offset: number) => Place): ImportedName[] {
  const [statement, clause = ''] = match;
  const begin = match.index ?? 0;
  const start = match.indices?.[1]?.[0] ?? begin;
  const lines = [place(begin).line, place(begin + statement.length).line] as const;
  const [before, after] = [statement.slice(0, start - begin), statement.slice(start - begin + clause.length)];
  const plain = pattern.comments ? clause.replace(pattern.comments, (comment) => comment.replace(/[^\n]/g, ' ')) : clause;
  const names: ImportedName[] = [];
  let offset = start;
  for (const piece of plain.split(pattern.separators ?? ',')) {
    const at = (pattern.identifier ?? lastWord).exec(piece);
    const written = at?.[1] ?? at?.[2];
    if (at && written !== undefined && !noNames.has(written)) {
      names.push({
        name: pattern.rename?.(written) ?? written,
        place: place(offset + at.index + at[0].indexOf(written)),
        module: pattern.isModule?.(piece) ?? false,
        source: pattern.nested ? statement : `${before}${piece.trim()}${after}`,
        lines,
      });
    }
    offset += piece.length + 1;
  }
  return names;
}

function placesIn(text: string): (offset: number) => Place {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line, character: offset - (starts[line] ?? 0) };
  };
}
