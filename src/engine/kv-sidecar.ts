/** What lies beside a state of the KV cache and says what it is. Its being there makes a snapshot of the two files. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';

/** Raised whenever sidecar or state mean something else than before; what is older or newer is dropped. */
const format = 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** All that must be the same for a state to fit: llama.cpp checks little of it, and reads on where it does not. */
const snapshotKey = v.strictObject({
  /** The model's fingerprint (fingerprint.ts). */
  model: v.string(),
  /** Version of node-llama-cpp, and with it of llama.cpp. */
  library: v.string(),
  /** Positions are baked into the keys. */
  yarnFactor: v.pipe(v.number(), v.minValue(1)),
  /** Of keys and values, as ggml names them. */
  kvType: v.string(),
  /** Whether scores are stored; values lie the other way round then. */
  attention: v.string(),
});
export type SnapshotKey = v.InferOutput<typeof snapshotKey>;

const content = v.strictObject({
  format: v.literal(format),
  key: snapshotKey,
  /** Base64 of 32-bit words, lowest byte first. */
  tokens: v.pipe(v.string(), v.base64()),
  state: v.strictObject({ bytes: count, sha256 }),
});

export interface Sidecar {
  readonly key: SnapshotKey;
  readonly tokens: Uint32Array;
  readonly state: { readonly bytes: number; readonly sha256: string };
}

/** The SHA-256 of all that follows it, a line end, and JSON. */
export function encodeSidecar({ key, tokens, state }: Sidecar): Buffer {
  const words = Buffer.alloc(tokens.length * 4);
  tokens.forEach((token, index) => words.writeUInt32LE(token, index * 4));
  const json = Buffer.from(JSON.stringify({ format, key, tokens: words.toString('base64'), state } satisfies v.InferInput<typeof content>));
  return Buffer.concat([Buffer.from(`${digest(json)}\n`), json]);
}

/** @throws Error saying in a few words what is wrong with it */
export function decodeSidecar(file: Buffer): Sidecar {
  const head = 64 + 1;
  const json = file.subarray(head);
  if (file.subarray(0, head).toString('latin1') !== `${digest(json)}\n`) throw new Error('its checksum is wrong');
  const { success, output } = v.safeParse(content, JSON.parse(json.toString()));
  if (!success) throw new Error('it is of another format');
  const words = Buffer.from(output.tokens, 'base64');
  if (words.length % 4 !== 0) throw new Error('its tokens are cut short');
  return { key: output.key, state: output.state, tokens: Uint32Array.from({ length: words.length / 4 }, (_, index) => words.readUInt32LE(index * 4)) };
}

export function sameKey(a: SnapshotKey, b: SnapshotKey): boolean {
  return (Object.keys(snapshotKey.entries) as (keyof SnapshotKey)[]).every((name) => a[name] === b[name]);
}

function digest(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
