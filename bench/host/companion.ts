import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readManifest, root } from '../../scripts/lib/paths.mjs';

/** Of the extension host's event loop, ms; what `elapsed` covers. */
export interface LoopFigures {
  /** The longest time between two rounds of a timer of 1 ms. */
  readonly longest: number;
  /** The longest time that the thread itself ran between two rounds: without what other processes took from it. */
  readonly longestRun: number;
  /** The thread's time in all rounds together. */
  readonly run: number;
  readonly p99: number;
  readonly longestGc: number;
  /** User plus system time of the process. */
  readonly cpu: number;
  readonly elapsed: number;
}

const folder = path.join(root, 'bench/host/companion');

/** Lists the companion beside the extensions that a profile has already. */
export function addCompanion(extensions: string): void {
  const file = path.join(extensions, 'extensions.json');
  const { name, publisher, version } = readManifest(folder);
  const uri = pathToFileURL(folder);
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, fsPath: folder, external: uri.href, path: uri.pathname, scheme: 'file' },
    metadata: { isMachineScoped: false, installedTimestamp: 0, pinned: true, source: 'vsix' },
  };
  const listed = JSON.parse(readFileSync(file, 'utf8')) as unknown[];
  writeFileSync(file, JSON.stringify([...listed, entry]));
}

/** The companion in the window that is open. */
export class Companion {
  constructor(private readonly portFile: string) {}

  /** What the server is to be started with. */
  get env(): Record<string, string> {
    return { PONDER_BENCH_PORT_FILE: this.portFile };
  }

  /** Forgets the companion of the window before. */
  forget(): void {
    rmSync(this.portFile, { force: true });
  }

  async start(): Promise<void> {
    await this.#get('start');
  }

  async stop(): Promise<LoopFigures> {
    return (await this.#get('stop')) as LoopFigures;
  }

  async #get(what: string): Promise<unknown> {
    for (let waited = 0; !existsSync(this.portFile) || readFileSync(this.portFile, 'utf8') === ''; waited += 50) {
      if (waited > 60_000) throw new Error('the companion extension did not start');
      await delay(50);
    }
    const response = await fetch(`http://127.0.0.1:${readFileSync(this.portFile, 'utf8')}/${what}`);
    return response.json();
  }
}
