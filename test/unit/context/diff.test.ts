import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../../src/context/diff.ts';

const part = (path: string, body = '+x'): string => `diff --git a/${path} b/${path}\nindex 1..2 100644\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n${body}\n`;

describe('withoutSecrets', () => {
  it('leaves a diff without secrets as it is', () => {
    const diff = part('src/a.ts') + part('src/b.ts', '+diff --git is not at the line\'s start');
    expect(withoutSecrets(diff)).toEqual({ diff, secrets: [] });
  });

  it('takes out the files that may hold secrets, and names them', () => {
    expect(withoutSecrets(part('src/a.ts') + part('.env') + part('src/b.ts'))).toEqual({ diff: part('src/a.ts') + part('src/b.ts'), secrets: ['.env'] });
  });

  it('knows a new one, a deleted one, one that was renamed, and one with a strange name', () => {
    const added = 'diff --git a/.env b/.env\nnew file mode 100644\n--- /dev/null\n+++ b/.env\n@@ -0,0 +1 @@\n+KEY=1\n';
    const deleted = 'diff --git a/.env b/.env\ndeleted file mode 100644\n--- a/.env\n+++ /dev/null\n@@ -1 +0,0 @@\n-KEY=1\n';
    const renamed = 'diff --git a/.env b/notes.txt\nsimilarity index 90%\nrename from .env\nrename to notes.txt\n';
    const strange = 'diff --git "a/s\\303\\266/.env" "b/s\\303\\266/.env"\n--- "a/s\\303\\266/.env"\n+++ "b/s\\303\\266/.env"\n@@ -1 +1 @@\n+KEY\n';
    const binary = 'diff --git a/key.pem b/key.pem\nBinary files a/key.pem and b/key.pem differ\n';
    for (const diff of [added, deleted, renamed, strange, binary]) expect(withoutSecrets(diff), diff).toMatchObject({ diff: '' });
  });

  it('of nothing is nothing', () => {
    expect(withoutSecrets('')).toEqual({ diff: '', secrets: [] });
  });
});
