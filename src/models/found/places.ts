/** Where other programs keep their models. */
import { homedir } from 'node:os';
import path from 'node:path';
import { ggufBelow, type FoundModel } from './found.ts';
import { ollamaModels } from './ollama.ts';

export interface Places {
  /** The extension's own folder. */
  readonly ponder: string;
  /** One that the user has chosen; absent: none. */
  readonly folder?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
}

/** Everything there is, each file once, in the order of the places. */
export async function findModels({ ponder, folder, env, home = homedir() }: Places): Promise<FoundModel[]> {
  const lists = await Promise.all([
    ggufBelow(ponder, 'ponder'),
    folder === undefined ? [] : ggufBelow(folder, 'folder'),
    ggufBelow(huggingFaceCache(env, home), 'huggingface'),
    ...lmStudioFolders(home).map((each) => ggufBelow(each, 'lmstudio')),
    ollamaModels(env['OLLAMA_MODELS'] ?? path.join(home, '.ollama', 'models')),
  ]);
  const found = lists.flat();
  return found.filter((model, index) => found.findIndex((other) => other.path === model.path) === index);
}

function huggingFaceCache(env: Places['env'], home: string): string {
  const cache = env['XDG_CACHE_HOME'] ?? path.join(home, '.cache');
  return env['HF_HUB_CACHE'] ?? env['HUGGINGFACE_HUB_CACHE'] ?? path.join(env['HF_HOME'] ?? path.join(cache, 'huggingface'), 'hub');
}

/** Its folder has moved with its versions. */
function lmStudioFolders(home: string): string[] {
  return [path.join(home, '.lmstudio', 'models'), path.join(home, '.cache', 'lm-studio', 'models')];
}
