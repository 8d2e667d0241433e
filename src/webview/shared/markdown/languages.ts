/** What a code block's language is called, short (for a narrow view) and in full, and who highlights it. */
export interface Language {
  readonly short: string;
  readonly full: string;
  /** The highlighter's name for it; absent when the code stays plain. */
  readonly grammar?: string;
}

const known: readonly (readonly [grammar: string, short: string, full: string, ...aliases: string[]])[] = [
  ['bash', 'SH', 'Shell', 'sh', 'shell', 'zsh', 'console', 'shellscript', 'shell-session'],
  ['c', 'C', 'C', 'h'],
  ['cpp', 'C++', 'C++', 'c++', 'cc', 'cxx', 'hpp'],
  ['csharp', 'C#', 'C#', 'cs', 'c#'],
  ['css', 'CSS', 'CSS'],
  ['diff', 'DIFF', 'Diff', 'patch'],
  ['dockerfile', 'DOCKER', 'Dockerfile', 'docker'],
  ['go', 'GO', 'Go', 'golang'],
  ['ini', 'INI', 'INI', 'toml', 'properties', 'conf'],
  ['java', 'JAVA', 'Java'],
  ['javascript', 'JS', 'JavaScript', 'js', 'mjs', 'cjs', 'node'],
  ['javascript', 'JSX', 'JSX', 'jsx', 'javascriptreact'],
  ['json', 'JSON', 'JSON', 'jsonc', 'json5'],
  ['kotlin', 'KT', 'Kotlin', 'kt', 'kts'],
  ['lua', 'LUA', 'Lua'],
  ['makefile', 'MAKE', 'Makefile', 'make', 'mk'],
  ['markdown', 'MD', 'Markdown', 'md'],
  ['php', 'PHP', 'PHP'],
  ['powershell', 'PS', 'PowerShell', 'ps1', 'pwsh'],
  ['python', 'PY', 'Python', 'py', 'python3', 'pycon'],
  ['ruby', 'RB', 'Ruby', 'rb'],
  ['rust', 'RS', 'Rust', 'rs'],
  ['scss', 'SCSS', 'SCSS', 'sass', 'less'],
  ['sql', 'SQL', 'SQL', 'sqlite', 'postgresql', 'mysql'],
  ['swift', 'SWIFT', 'Swift'],
  ['typescript', 'TS', 'TypeScript', 'ts', 'mts', 'cts'],
  ['typescript', 'TSX', 'TSX', 'tsx', 'typescriptreact'],
  ['xml', 'HTML', 'HTML', 'html', 'htm', 'vue', 'svelte'],
  ['xml', 'XML', 'XML', 'svg', 'xsl'],
  ['yaml', 'YAML', 'YAML', 'yml'],
];

const byName = new Map<string, Language>();
for (const [grammar, short, full, ...aliases] of known) {
  for (const name of [full.toLowerCase(), ...aliases, grammar]) {
    if (!byName.has(name)) byName.set(name, { short, full, grammar });
  }
}

export function languageOf(name: string): Language | undefined {
  const found = byName.get(name.toLowerCase());
  if (found) return found;
  return name === '' || /^(text|txt|plain|plaintext|none)$/i.test(name)
    ? undefined
    : { short: name.slice(0, 8).toUpperCase(), full: name };
}
