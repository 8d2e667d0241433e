import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandIds, containerId, chatViewId, contextKeys, reviewViewId, thinkingViewId, transcriptLanguage, walkthroughId } from '../../../src/host/manifest.ts';
import { gpuBackends, kvTypes } from '../../../src/protocol/engine.ts';
import { thinkingModes, thoughtBudget } from '../../../src/protocol/webview.ts';

interface Property {
  readonly enum?: string[];
  readonly default: unknown;
  readonly scope: string;
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Manifest {
  readonly contributes: {
    readonly commands: { readonly command: string; readonly enablement?: string; readonly icon?: string; readonly category: string }[];
    readonly views: Record<string, { readonly id: string; readonly when?: string }[]>;
    readonly configuration: { readonly properties: Record<string, Property> };
    readonly languages: { readonly id: string }[];
    readonly menus: Record<string, { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>;
    readonly submenus: { readonly id: string }[];
    readonly walkthroughs: { readonly id: string; readonly steps: { readonly description: string; readonly media: { readonly svg: string }; readonly completionEvents: string[] }[] }[];
  };
}
const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const text = read('package.json');
const { contributes } = JSON.parse(text) as Manifest;
const properties = contributes.configuration.properties;

describe('package.json and the code agree on', () => {
  it('commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...commandIds].sort());
    for (const command of contributes.commands) expect(command).toMatchObject({ category: 'Ponder', icon: expect.stringMatching(/^\$\(.+\)$/) as string });
  });

  it('menus', () => {
    for (const { command, submenu } of Object.values(contributes.menus).flat()) {
      if (command === undefined) expect(contributes.submenus.map(({ id }) => id)).toContain(submenu);
      else expect(commandIds).toContain(command);
    }
  });

  it('views', () => expect(contributes.views[containerId]?.map(({ id }) => id)).toEqual([chatViewId, reviewViewId, thinkingViewId]));

  it('context keys', () => {
    const events = contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents)).filter((event) => event.startsWith('onContext:'));
    const used = [...contributes.commands.map(({ enablement }) => enablement), ...(contributes.views[containerId] ?? []).map(({ when }) => when), ...events.map((event) => event.slice('onContext:'.length))].filter((key) => key !== undefined);
    expect(new Set(used)).toEqual(new Set(Object.values(contextKeys)));
  });

  it('the walkthrough: its name, its commands and its pictures', () => {
    const [only, ...others] = contributes.walkthroughs;
    expect([only?.id, others]).toEqual([walkthroughId, []]);
    const steps = only?.steps ?? [];
    const events = steps.flatMap(({ completionEvents }) => completionEvents).flatMap((event) => /^onCommand:(.+)$/.exec(event)?.slice(1) ?? []);
    for (const language of ['package.nls.json', 'package.nls.zh-cn.json']) {
      const words = JSON.parse(read(language)) as Record<string, string>;
      const links = steps.flatMap(({ description }) => [...(words[description.slice(1, -1)] ?? '').matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command));
      expect(links.length).toBeGreaterThanOrEqual(steps.length);
      for (const command of [...links, ...events]) expect(commandIds).toContain(command);
    }
    for (const { media } of steps) expect(read(media.svg)).toMatch(/^<svg /);
  });

  it('the transcript language', () => expect(contributes.languages.map(({ id }) => id)).toContain(transcriptLanguage));

  it('settings', () => {
    // The reader imports vscode, so its list is read as text here; its types tie it to the settings themselves.
    const keys = /settingKeys = \[([^\]]*)\]/.exec(read('src/host/settings.ts'))?.[1]?.match(/'([^']+)'/g)?.map((key) => `ponder.${key.slice(1, -1)}`);
    expect(Object.keys(properties).sort()).toEqual(keys?.sort());
    expect(properties['ponder.engine.gpu']?.enum).toEqual([...gpuBackends]);
    expect(properties['ponder.model.kvCache']).toMatchObject({ default: 'auto', enum: ['auto', ...kvTypes] });
    expect(properties['ponder.model.contextSize']).toMatchObject({ default: 'auto', anyOf: [{ enum: ['auto'] }, { type: 'integer', minimum: 512, maximum: 1_048_576 }] });
    expect(properties['ponder.thinking.mode']?.enum).toEqual([...thinkingModes]);
    expect(properties['ponder.thinking.long']).toMatchObject({ default: 'off', enum: ['off', '38912', '81920'] });
    for (const key of ['temperature', 'topP', 'topK', 'minP', 'presencePenalty']) expect(properties[`ponder.sampling.${key}`]).toMatchObject({ default: null, minimum: 0 });
    expect(properties['ponder.thinking.budget']).toMatchObject({ default: thoughtBudget.default, minimum: thoughtBudget.min, maximum: thoughtBudget.max });
  });

  it('what a workspace may not set: files that are run and memory that is taken', () => {
    const own = Object.entries(properties).filter(([key]) => /model|engine/.test(key));
    expect(own.length).toBeGreaterThan(3);
    for (const [key, { scope }] of own) expect([key, scope]).toEqual([key, 'machine']);
  });
});

describe('translations', () => {
  const english = JSON.parse(read('package.nls.json')) as Record<string, string>;
  it('every placeholder has its text', () => {
    const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
    expect(used.filter((key) => !(key in english))).toEqual([]);
  });
  it('Chinese is complete', () => {
    expect(Object.keys(JSON.parse(read('package.nls.zh-cn.json')) as object).sort()).toEqual(Object.keys(english).sort());
  });
});
