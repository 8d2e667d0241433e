import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '../rig/test.ts';
import { enginePids } from '../rig/index.mjs';
import { Editor, multiply } from './editor.ts';
import { settings } from './support.ts';

test.use({ settings, files: { 'math.ts': multiply, 'other.ts': 'export const one = 1;\n' } });

test('ghost text appears while typing, Tab takes it, one undo gives it back', async ({ ponder }) => {
  const editor = await Editor.open(ponder, 'math.ts');
  await editor.says('Ready');
  await editor.goTo(2);
  await editor.typeForGhost('  return seed', ' * shape;');
  await ponder.screenshot('completion-ghost');
  await editor.accept();
  expect(await editor.saved()).toBe(multiply.replace('\n\n', '\n  return seed * shape;\n'));
  await editor.press('Control+z');
  expect(await editor.saved()).toBe(multiply.replace('\n\n', '\n  return seed\n'));
});

test('typing through keeps it, something else does away with it, deleting back brings it back', async ({ ponder }) => {
  const editor = await Editor.open(ponder, 'math.ts');
  await editor.goTo(2);
  await editor.typeForGhost('  return seed', ' * shape;');
  await editor.type(' * ');
  await editor.expectGhost('shape;');
  await editor.type('sh');
  await editor.expectGhost('ape;');
  await editor.type('q');
  await expect(editor.ghost).toHaveCount(0);
  await editor.press('Backspace');
  await editor.expectGhost('ape;');
});

test('a word of it can be taken alone, and Escape does away with the rest', async ({ ponder }) => {
  const editor = await Editor.open(ponder, 'math.ts');
  await editor.goTo(2);
  await editor.typeForGhost('  return seed', ' * shape;');
  await editor.press('Control+ArrowRight');
  // Whether the space is a word of its own is VS Code's affair.
  await expect.poll(() => editor.ghostText()).toMatch(/^(\* | )shape;$/);
  const rest = await editor.ghostText();
  await editor.press('Escape');
  await expect(editor.ghost).toHaveCount(0);
  expect(await editor.saved()).toBe(multiply.replace('\n\n', `\n  return seed * shape;\n`).replace(rest, ''));
});

test('files with CRLF stay so', async ({ ponder }) => {
  const editor = await Editor.open(ponder, 'math.ts');
  await ponder.run('Change End of Line Sequence');
  await ponder.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: 'CRLF' }).click();
  await editor.goTo(2);
  await editor.typeForGhost('  return seed', ' * shape;');
  await editor.accept();
  expect(await editor.saved()).toBe(multiply.replace('\n\n', '\n  return seed * shape;\n').replaceAll('\n', '\r\n'));
});

test.describe('while the engine is slow', () => {
  test('Escape and moving away end its work', async ({ ponder }) => {
    const editor = await Editor.open(ponder, 'math.ts');
    await editor.goTo(2);
    await editor.typeForGhost('  return seed', ' * shape;');
    const release = await ponder.slowDown(0);
    for (const [line, leave] of [['  const a = ', () => editor.press('Escape')], ['  const bc = ', () => editor.press('ArrowUp')], ['  const def = ', () => ponder.openFile('other.ts')]] as const) {
      await ponder.openFile('math.ts');
      await editor.goTo(2, 1);
      await editor.press('Shift+End');
      await editor.type(line);
      await editor.says('Completing…');
      await leave();
      await editor.says('Ready');
      // And nobody asks again.
      await ponder.page.waitForTimeout(1500);
      await editor.says('Ready', 1);
    }
    release();
  });

  test('a document may be closed in mid-request', async ({ ponder }) => {
    const editor = await Editor.open(ponder, 'math.ts');
    await editor.goTo(2);
    await editor.typeForGhost('  return seed', ' * shape;');
    const release = await ponder.slowDown(0);
    await editor.goTo(2, 1);
    await editor.press('Shift+End');
    await editor.type('  const x = ');
    await editor.says('Completing…');
    await ponder.run('View: Revert and Close Editor');
    await expect(ponder.page.locator('.tab')).toHaveCount(0);
    await editor.says('Ready');
    release();
    await expect(ponder.page.locator('.notification-toast')).toHaveCount(0);
  });
});

test('snoozing and turning off, by menu and by language', async ({ ponder }) => {
  const editor = await Editor.open(ponder, 'math.ts');
  const pick = async (text: string | RegExp): Promise<void> => ponder.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: text }).click();
  const nothing = async (typed: string): Promise<void> => {
    await editor.goTo(2, 100);
    await editor.type(typed);
    await ponder.page.waitForTimeout(1500);
    await expect(editor.ghost).toHaveCount(0);
  };
  await editor.completionMenu();
  await ponder.page.locator('.quick-input-widget').waitFor();
  await ponder.screenshot('completion-menu');
  await pick('Snooze…');
  await pick('15 minutes');
  await editor.says(/Snoozed until/);
  await nothing('  ret');
  await editor.completionMenu();
  await pick('End the snooze');
  await editor.says('Ready');

  await ponder.run('Ponder: Turn completions on or off for this language');
  await editor.says('Off for typescript');
  await nothing('u');
  await ponder.run('Ponder: Turn completions on or off for this language');
  await editor.says('Ready');

  await ponder.run('Ponder: Turn completions on or off');
  await editor.says('Off');
  await nothing('r');
  // Nothing has ever been asked, so no engine has been started.
  expect(enginePids(ponder.server)).toEqual([]);

  await ponder.run('Ponder: Turn completions on or off');
  await editor.goTo(2, 100);
  await editor.typeForGhost('n seed', ' * shape;');
});

test.describe('asked for by hand', () => {
  test.use({ workspaceSettings: { 'ponder.completion.trigger': 'manual' } });

  test('comes only then', async ({ ponder }) => {
    const editor = await Editor.open(ponder, 'math.ts');
    await editor.says('Ready; completes when you ask');
    await editor.goTo(2);
    await editor.type('  return seed');
    await ponder.page.waitForTimeout(1500);
    await expect(editor.ghost).toHaveCount(0);
    expect(enginePids(ponder.server)).toEqual([]);
    await expect(async () => {
      await editor.press('Alt+\\');
      await expect.poll(() => editor.ghostText(), { timeout: 8000 }).toBe(' * shape;');
    }).toPass({ timeout: 40_000 });
    await editor.press('Escape');
    await expect(editor.ghost).toHaveCount(0);
    await ponder.run('Ponder: Complete here');
    await editor.expectGhost(' * shape;');
  });
});

test('the model is tested on first use, the result is shown and can be overruled', async ({ ponder }) => {
  const editor = await Editor.open(ponder, 'math.ts');
  await editor.goTo(2);
  await editor.typeForGhost('  return seed', ' * shape;');
  await expect(async () => {
    await editor.status.hover();
    await expect(ponder.page.locator('.workbench-hover')).toContainText(/Self-test: infill tokens \d+%/, { timeout: 1500 });
  }).toPass({ timeout: 40_000 });
  await ponder.screenshot('completion-status');
  await editor.completionMenu();
  const row = ponder.page.locator('.quick-input-widget .monaco-list-row');
  await row.filter({ hasText: 'How the model is asked…' }).click();
  // The list fades in.
  await ponder.page.waitForTimeout(300);
  await ponder.screenshot('completion-strategies');
  await row.filter({ hasText: /^a conversation/ }).click();
  const settingsFile = `${ponder.server.profile.userData}/User/settings.json`;
  await expect.poll(() => existsSync(settingsFile) && readFileSync(settingsFile, 'utf8')).toContain('"ponder.completion.strategy": "chat"');
});

test.describe('places that are no text', () => {
  test.use({
    files: {
      'math.ts': multiply,
      // VS Code looks for zeros in the first 512 bytes, and shows what has some as no text at all.
      'image.ts': `${'// long\n'.repeat(100)}\0\u0002\n`,
      'long.ts': `const text = "${'a'.repeat(1_000_000)}";\n`,
      'emoji.ts': 'const smile = "👍🏽";\n',
    },
  });

  test('give a reason in the status bar, and no pop-up', async ({ ponder }) => {
    const first = await Editor.open(ponder, 'math.ts');
    await first.goTo(2);
    await first.typeForGhost('  return seed', ' * shape;');
    await ponder.openFile('image.ts');
    await first.goTo(101, 1);
    await first.type('x');
    await first.says('No suggestion: this is not a place in a text');
    await ponder.openFile('long.ts');
    await first.goTo(1, 900_000);
    await first.type('b');
    await expect(first.status).toBeVisible();
    await first.goTo(2);
    await first.type('let y = 1;');
    await ponder.openFile('emoji.ts');
    await first.goTo(1, 18);
    await first.type('z');
    await expect(ponder.page.locator('.notification-toast')).toHaveCount(0);
    // The host has lived through all of it, and the next key is answered, if only by a reason.
    await ponder.openFile('math.ts');
    await first.goTo(2, 1);
    await first.press('Shift+End');
    await first.type('  return seed');
    await first.says(/Ready|No suggestion/);
    expect(await first.saved()).toBe(multiply.replace('\n\n', '\n  return seed\n'));
  });
});
