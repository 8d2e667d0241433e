/** Which hubs are asked, from the settings. Pure. */
import { endpoints, type Endpoint } from './hub.ts';

const byName: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['huggingface', endpoints.huggingface],
  ['hf-mirror', endpoints.hfMirror],
  ['modelscope', endpoints.modelscope],
]);

const local = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * @param setting a name, or the address of something that speaks as Hugging Face does: https, or http on this computer
 * @param fallback whether the others are asked where this one fails
 */
export function endpointsFor(setting: string, fallback: boolean): Endpoint[] {
  const first = byName.get(setting) ?? own(setting) ?? endpoints.huggingface;
  return fallback ? [first, ...[...byName.values()].filter((other) => other.url !== first.url)] : [first];
}

function own(address: string): Endpoint | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, origin, pathname, username, password } = new URL(address);
  const safe = protocol === 'https:' || (protocol === 'http:' && local.has(hostname));
  if (!safe || username !== '' || password !== '') return undefined;
  return { kind: 'huggingface', url: `${origin}${pathname}`.replace(/\/+$/, '') };
}
