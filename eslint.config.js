// @ts-check
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The rule of the house: a room imports from the rooms before it and never from one in its own row.
 * Feature rooms reach each other through callbacks wired in `extension.ts`.
 */
const rows = [
  ['base'],
  ['protocol'],
  ['planner'],
  ['backends', 'host'],
  ['models', 'context'],
  ['agent'],
  ['chat', 'completion', 'actions', 'lm'],
  ['ask'],
];
/** These sit apart and see only the start of the house. */
const apart = { engine: ['base', 'protocol', 'planner'], webview: ['protocol'] };

const rooms = [...rows.flat(), ...Object.keys(apart)];

/** @param {string} room */
function mayImport(room) {
  if (room in apart) return apart[/** @type {keyof typeof apart} */ (room)];
  return rows.slice(0, rows.findIndex((row) => row.includes(room))).flat();
}

/** @type {import('eslint').Linter.Config[]} */
const roomRules = rooms.map((room) => {
  const forbidden = rooms.filter((other) => other !== room && !mayImport(room).includes(other));
  return {
    files: [`src/${room}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(forbidden.length > 0
              ? [{ regex: `^(\\.\\./)+(${forbidden.join('|')})/`, message: `The room "${room}" may not import from there (eslint.config.js).` }]
              : []),
            { regex: '^(\\.\\./)+extension', message: 'Nothing imports the composition root.' },
          ],
        },
      ],
    },
  };
});

const typescript = ['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}', 'bench/**/*.ts', '*.config.ts'];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'out/', '.cache/', 'test-results/', 'test/fixtures/', 'sample/', 'playwright-report/'] },
  js.configs.recommended,
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 400 }],
      eqeqeq: 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `() => this.stop()` in place of a block reads better and returns nothing anyone uses.
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  ...roomRules,
  {
    // Feature rooms meet VS Code at their door; the rest of a room runs in plain Node.
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/extension.ts', 'src/host/**', 'src/*/vscode.ts', 'src/*/vscode/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: 'vscode', allowTypeImports: true, message: 'Only a door (vscode.ts), host/ and extension.ts use VS Code at run time.' }] },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/engine/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ImportDeclaration[source.value="node-llama-cpp"]', message: 'Only the engine process talks to llama.cpp.' },
        { selector: 'CallExpression[callee.name=/Sync$/], CallExpression[callee.property.name=/Sync$/]', message: 'The extension host waits for nothing: other extensions live there too.' },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', fetch: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', performance: 'readonly', Buffer: 'readonly', AbortController: 'readonly', globalThis: 'readonly', document: 'readonly', window: 'readonly' } },
  },
);
