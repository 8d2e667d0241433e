/** What is known of the languages beyond their grammars. */

export interface Language {
  /** `tree-sitter-<grammar>.wasm`. */
  readonly grammar: string;
  /** No bracket tells that a block is at its end, only the next line does. */
  readonly byIndentation?: boolean;
  /** A statement whose semicolon is left out may go on with `.then(…)` on the next line. */
  readonly chains?: boolean;
  /** `end` closes what these words open. */
  readonly words?: Readonly<Record<string, string>>;
  /** What begins and ends its strings of several lines, as far as nothing else is written so. */
  readonly quotes?: RegExp;
  /** Its `"` strings may hold line ends. */
  readonly longQuotes?: boolean;
}

const typescript = { grammar: 'typescript', chains: true, quotes: /`/g };
const javascript = { grammar: 'javascript', chains: true, quotes: /`/g };
const cpp = { grammar: 'cpp', words: { '#if': '#endif', '#ifdef': '#endif', '#ifndef': '#endif' } };
const end = ['def', 'class', 'module', 'begin', 'case', 'do', 'if', 'unless', 'while', 'until', 'for'];

/** By VS Code's language id. */
const languages: Readonly<Record<string, Language>> = {
  typescript,
  typescriptreact: { ...typescript, grammar: 'tsx' },
  javascript,
  javascriptreact: javascript,
  python: { grammar: 'python', byIndentation: true, quotes: /"""|'''/g },
  go: { grammar: 'go', quotes: /`/g },
  rust: { grammar: 'rust', longQuotes: true },
  // The grammar for C++ reads C as well, but for the names that are keywords in C++ alone.
  c: cpp,
  cpp,
  java: { grammar: 'java', quotes: /"""/g },
  csharp: { grammar: 'c-sharp' },
  php: { grammar: 'php', longQuotes: true },
  ruby: { grammar: 'ruby', longQuotes: true, words: Object.fromEntries(end.map((word) => [word, 'end'])) },
  shellscript: { grammar: 'bash', longQuotes: true, words: { if: 'fi', do: 'done', case: 'esac' } },
  css: { grammar: 'css' },
};

export const languageIds: readonly string[] = Object.keys(languages);

export function languageOf(id: string): Language | undefined {
  return Object.hasOwn(languages, id) ? languages[id] : undefined;
}
