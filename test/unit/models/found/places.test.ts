import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findModels } from '../../../../src/models/found/places.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'ponder-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(relative: string, text = 'GGUF and so on'): string {
  const file = path.join(home, relative);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const find = (env: Record<string, string> = {}, folder?: string): ReturnType<typeof findModels> => findModels({ ponder: path.join(home, 'ponder'), folder, env, home });

describe('models that are here already', () => {
  it('are none where there are none', async () => expect(await find()).toEqual([]));

  it('in our own folder and a chosen one', async () => {
    const own = write('ponder/Qwen3-4B-Q4_K_M.gguf');
    const chosen = write('my models/deep/er/Some.GGUF');
    expect(await find({}, path.join(home, 'my models'))).toEqual([
      { path: own, name: 'Qwen3-4B-Q4_K_M', place: 'ponder', size: 14 },
      { path: chosen, name: 'Some', place: 'folder', size: 14 },
    ]);
  });

  it('are whole, and GGUF', async () => {
    write('ponder/half.gguf.part');
    write('ponder/page.gguf', '<html>');
    write('ponder/empty.gguf', '');
    write('ponder/mmproj-x.gguf');
    write('ponder/big-00001-of-00002.gguf');
    expect(await find()).toEqual([]);
    write('ponder/big-00002-of-00002.gguf');
    expect(await find()).toEqual([{ path: path.join(home, 'ponder/big-00001-of-00002.gguf'), name: 'big', place: 'ponder', size: 28 }]);
  });

  it('in Hugging Face’s cache, where files are links', async () => {
    const blob = write('.cache/huggingface/hub/models--Qwen--Qwen3-4B-GGUF/blobs/abc');
    const link = path.join(home, '.cache/huggingface/hub/models--Qwen--Qwen3-4B-GGUF/snapshots/1234/Qwen3-4B-Q8_0.gguf');
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.relative(path.dirname(link), blob), link);
    expect(await find()).toEqual([{ path: link, name: 'Qwen3-4B-Q8_0', place: 'huggingface', size: 14 }]);
    rmSync(blob);
    expect(await find()).toEqual([]);
  });

  it('where Hugging Face’s cache was moved to', async () => {
    const file = write('hf/hub/models--a--b/snapshots/1/x.gguf');
    expect((await find({ HF_HOME: path.join(home, 'hf') })).map((model) => model.path)).toEqual([file]);
    expect((await find({ HF_HUB_CACHE: path.join(home, 'hf/hub') })).map((model) => model.path)).toEqual([file]);
  });

  it('of LM Studio, old and new', async () => {
    const files = [write('.lmstudio/models/Qwen/Qwen3-4B-GGUF/a.gguf'), write('.cache/lm-studio/models/Qwen/b/b.gguf')];
    expect((await find()).map((model) => [model.path, model.place])).toEqual(files.map((file) => [file, 'lmstudio']));
  });
});

describe('models of Ollama', () => {
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
  const layers = (model: string): string =>
    JSON.stringify({
      schemaVersion: 2,
      layers: [
        { mediaType: 'application/vnd.ollama.image.template', digest: digest('f'), size: 1 },
        { mediaType: 'application/vnd.ollama.image.model', digest: digest(model), size: 14 },
      ],
    });
  const blob = (letter: string): string => write(`.ollama/models/blobs/sha256-${letter.repeat(64)}`);

  it('are the blobs that their manifests name', async () => {
    const a = blob('a');
    const b = blob('b');
    blob('c');
    write('.ollama/models/manifests/registry.ollama.ai/library/qwen3/4b', layers('a'));
    write('.ollama/models/manifests/hf.co/someone/model/Q4', layers('b'));
    expect(await find()).toEqual([
      { path: b, name: 'someone/model:Q4', place: 'ollama', size: 14 },
      { path: a, name: 'qwen3:4b', place: 'ollama', size: 14 },
    ]);
  });

  it('are not there where a manifest is damaged, or leads out of the folder', async () => {
    write('.ollama/models/manifests/registry.ollama.ai/library/x/1', 'no json');
    write('.ollama/models/manifests/registry.ollama.ai/library/x/2', layers('d'));
    write('.ollama/models/manifests/registry.ollama.ai/library/x/3', JSON.stringify({ layers: [{ mediaType: 'application/vnd.ollama.image.model', digest: 'sha256:../../../x' }] }));
    expect(await find()).toEqual([]);
  });

  it('where they were moved to', async () => {
    const file = write(`elsewhere/blobs/sha256-${'a'.repeat(64)}`);
    write('elsewhere/manifests/registry.ollama.ai/library/qwen3/latest', layers('a'));
    expect((await find({ OLLAMA_MODELS: path.join(home, 'elsewhere') })).map((model) => model.path)).toEqual([file]);
  });
});
