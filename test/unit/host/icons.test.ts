import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const font = readFileSync(path.join(root, 'node_modules/@vscode/codicons/dist/codicon.css'), 'utf8');

/** `$(name)` of an icon that there is not leaves a hole where one was meant. */
it('every icon by name is one of VS Code’s', () => {
  const named = ['package.json', ...sources.map((file) => path.join('src', file))].flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/\$\(([a-z][a-z-]*)(?:~spin)?\)/g)].map(([, name = '']) => ({ file, name })),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ name }) => !font.includes(`.codicon-${name}:before`))).toEqual([]);
});
