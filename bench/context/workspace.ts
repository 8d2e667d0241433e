/** A made workspace of any size: many packages in several languages, with names that repeat as they do in real ones. The same at every run. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const verbs = 'get set load save parse render create update delete find list send receive open close read write merge split encode decode validate compute apply reset cancel resolve schedule cache fetch build format convert filter sort group register notify start stop retry restore export import attach detach collect inspect trace measure'.split(' ');
const nouns = 'account address agent alert archive asset badge balance batch billing blob booking branch broker buffer bundle calendar campaign carrier cart catalog channel chart client cluster column command comment commit config connection container contract cookie coupon credential currency cursor customer dashboard database dataset deadline delivery device dialog digest directory discount document domain driver editor email endpoint engine entity error event exchange feature feed field filter folder forecast form frame gateway graph grid group handler header heartbeat history host image import index ingredient inventory invoice item job journal kernel key label language layer layout ledger library license limit link listing loader location lock log manifest mapping market matrix member menu message meter method metric migration mirror model module monitor network node notification object offer operator option order organization packet page panel parser partition password patch path payment payload permission pipeline plan platform player plugin policy pool portal position preview price printer process product profile project promotion property provider proxy query queue quota rate receipt record refund region registry reminder renderer report repository request reservation resource response review role route row rule sample scanner schedule schema scope screen script search secret section segment sensor serializer server service session setting shard shelf shipment signal signature site snapshot socket source stage station statement status stock storage store stream string subscription summary supplier survey symbol table tag target task tax team template tenant terminal theme thread ticket timer token topic tracker transaction transfer translation trigger tunnel upload user validator value variant vault vector vehicle vendor version viewer visitor volume voucher wallet warehouse webhook widget window worker workflow workspace zone'.split(' ');
const kinds = 'Service Manager Controller Repository Factory Handler Provider Builder Store Client Adapter Registry Resolver View Helper Queue Cache Policy Context Options'.split(' ');
const prose = 'the of a is when before after every only first last value result caller returns keeps until because so that none other each small large fast slow wrong right time order place state change'.split(' ');
const domains = 'core billing catalog search identity orders messaging analytics storage gateway mobile admin reports sync scheduling payments shipping support media platform'.split(' ');

/** Mulberry32: small, and good enough for this. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface MadeFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Two words that name what it is about. */
  readonly subject: string;
}

class Author {
  constructor(private readonly random: () => number) {}

  /** Few words are frequent and most are rare, as in real code. */
  of(words: readonly string[]): string {
    return words[Math.floor(words.length * this.random() ** 2)] ?? '';
  }

  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  sentence(subject: readonly string[]): string {
    const words = Array.from({ length: 6 + this.below(10) }, () => (this.random() < 0.5 ? this.of(prose) : this.random() < 0.4 ? this.of(subject) : this.of(nouns)));
    return `${capital(words.join(' '))}.`;
  }
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

const camel = (words: readonly string[]): string => words.map((word, index) => (index === 0 ? word : capital(word))).join('');
const snake = (words: readonly string[]): string => words.join('_');
const pascal = (words: readonly string[]): string => words.map(capital).join('');

interface Language {
  readonly extension: string;
  readonly share: number;
  unit(author: Author, subject: readonly string[], names: readonly (readonly string[])[]): string;
  head(author: Author, type: string, subject: readonly string[]): string;
}

const languages: readonly Language[] = [
  {
    extension: 'ts',
    share: 0.4,
    head: (author, type, subject) => `/** ${author.sentence(subject)} */\nimport { ${pascal([author.of(nouns), author.of(nouns)])} } from './${author.of(nouns)}-${author.of(nouns)}.ts';\n\nexport interface ${type} {\n  readonly id: string;\n  readonly ${camel([author.of(nouns), 'count'])}: number;\n}\n\n`,
    unit: (author, subject, [name = [], local = [], other = []]) =>
      `/** ${author.sentence(subject)} */\nexport async function ${camel(name)}(${camel(local)}: string, limit = ${author.below(500)}): Promise<number> {\n  const ${camel(other)} = await this.${camel([author.of(verbs), author.of(nouns)])}(${camel(local)});\n  if (${camel(other)}.length > limit) throw new Error('${author.sentence(subject)}');\n  // ${author.sentence(subject)}\n  return ${camel(other)}.${camel([author.of(verbs), 'all'])}(({ ${author.of(nouns)} }) => ${author.of(nouns)} !== undefined).length;\n}\n\n`,
  },
  {
    extension: 'py',
    share: 0.2,
    head: (author, type, subject) => `"""${author.sentence(subject)}"""\nfrom .${author.of(nouns)} import ${pascal([author.of(nouns), author.of(nouns)])}\n\n\nclass ${type}:\n    """${author.sentence(subject)}"""\n\n`,
    unit: (author, subject, [name = [], local = [], other = []]) =>
      `    def ${snake(name)}(self, ${snake(local)}, limit=${author.below(500)}):\n        """${author.sentence(subject)}"""\n        ${snake(other)} = self.${snake([author.of(verbs), author.of(nouns)])}(${snake(local)})\n        if len(${snake(other)}) > limit:\n            raise ValueError("${author.sentence(subject)}")\n        return [${author.of(nouns)} for ${author.of(nouns)} in ${snake(other)}]  # ${author.sentence(subject)}\n\n`,
  },
  {
    extension: 'go',
    share: 0.12,
    head: (author, type, subject) => `// Package ${author.of(domains)}: ${author.sentence(subject)}\npackage ${author.of(domains)}\n\ntype ${type} struct {\n\tid string\n\t${camel([author.of(nouns), 'count'])} int\n}\n\n`,
    unit: (author, subject, [name = [], local = [], other = []]) =>
      `// ${pascal(name)}: ${author.sentence(subject)}\nfunc (s *Server) ${pascal(name)}(${camel(local)} string) (int, error) {\n\t${camel(other)}, err := s.${pascal([author.of(verbs), author.of(nouns)])}(${camel(local)})\n\tif err != nil {\n\t\treturn ${author.below(9)}, fmt.Errorf("${author.sentence(subject)}: %w", err)\n\t}\n\treturn len(${camel(other)}.${pascal([author.of(nouns)])}), nil\n}\n\n`,
  },
  {
    extension: 'java',
    share: 0.13,
    head: (author, type, subject) => `package com.example.${author.of(domains)};\n\n/** ${author.sentence(subject)} */\npublic class ${type} {\n    private final String ${camel([author.of(nouns), author.of(nouns)])};\n\n`,
    unit: (author, subject, [name = [], local = [], other = []]) =>
      `    /** ${author.sentence(subject)} */\n    public int ${camel(name)}(String ${camel(local)}) {\n        List<${pascal([author.of(nouns)])}> ${camel(other)} = this.${camel([author.of(verbs), author.of(nouns)])}(${camel(local)});\n        if (${camel(other)}.isEmpty()) throw new IllegalStateException("${author.sentence(subject)}");\n        return ${camel(other)}.size() + ${author.below(500)};\n    }\n\n`,
  },
  {
    extension: 'md',
    share: 0.15,
    head: (author, type, subject) => `# ${type}\n\n${author.sentence(subject)} ${author.sentence(subject)}\n\n`,
    unit: (author, subject, [name = [], local = [], other = []]) => `## ${capital(name.join(' '))}\n\n${author.sentence(subject)} ${author.sentence(subject)} Call \`${camel(local)}\` before \`${snake(other)}\`. ${author.sentence(subject)}\n\n`,
  },
];

/** @param count of files */
export function* makeFiles(count: number, seed = 1): Generator<MadeFile, void, void> {
  const random = generator(seed);
  const author = new Author(random);
  for (let index = 0; index < count; index++) {
    let share = random();
    const language = languages.find((each) => (share -= each.share) < 0) ?? languages[0];
    if (!language) return;
    const subject = [nouns[author.below(nouns.length)] ?? '', nouns[author.below(nouns.length)] ?? ''];
    const kind = kinds[author.below(kinds.length)] ?? '';
    const folder = `packages/${domains[author.below(domains.length)] ?? ''}-${String(index % 97)}/src/${author.of(nouns)}`;
    const size = 3000 + author.below(3000);
    let text = language.head(author, pascal([...subject, kind]), subject);
    while (text.length < size) {
      const noun = (): string => (random() < 0.4 ? author.of(subject) : author.of(nouns));
      const names = [[author.of(verbs), noun(), ...(random() < 0.5 ? [noun()] : [])], [noun(), noun()], [noun(), author.of(kinds).toLowerCase()]];
      text += language.unit(author, subject, names);
    }
    yield { path: `${folder}/${subject.join('-')}-${kind.toLowerCase()}-${String(index)}.${language.extension}`, text, subject: subject.join(' ') };
  }
}

/** @returns bytes written */
export async function writeWorkspace(root: string, count: number): Promise<number> {
  const made = new Set<string>();
  let bytes = 0;
  for (const { path: file, text } of makeFiles(count)) {
    const target = path.join(root, file);
    const folder = path.dirname(target);
    if (!made.has(folder)) await mkdir(folder, { recursive: true });
    made.add(folder);
    await writeFile(target, text);
    bytes += Buffer.byteLength(text);
  }
  return bytes;
}
