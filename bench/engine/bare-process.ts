import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ModelInfo } from '../../src/protocol/engine.ts';
import { planBatchSize, planFlashAttention } from '../../src/engine/planner.ts';
import type { BareReply, BareRequest, BareRun } from './bare-protocol.ts';

/** The bare loop in a process of its own. */
export class BareProcess {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('bare.mjs', import.meta.url)), [], { execArgv: [] });

  /** Loads what the engine has loaded, in the same way. */
  async load({ path, gpu, gpuLayers, contextSize, threads }: ModelInfo): Promise<void> {
    const onGpu = gpuLayers > 0;
    const plan = { batchSize: planBatchSize(onGpu, contextSize), flashAttention: planFlashAttention(onGpu) };
    await this.#ask({ type: 'load', modelPath: path, gpu, gpuLayers, contextSize, threads, ...plan });
  }

  async run(request: Omit<Extract<BareRequest, { type: 'run' }>, 'type'>): Promise<BareRun> {
    const reply = await this.#ask({ type: 'run', ...request });
    if (!('run' in reply)) throw new Error('the bare loop answered something else');
    return reply.run;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(request: BareRequest): Promise<BareReply> {
    const gone = new AbortController();
    const exit = once(this.#child, 'exit', { signal: gone.signal }).then(() => {
      throw new Error('the bare loop ended');
    });
    const answer = once(this.#child, 'message', { signal: gone.signal });
    this.#child.send(request);
    try {
      const [reply] = (await Promise.race([answer, exit])) as [BareReply];
      if ('error' in reply) throw new Error(`the bare loop failed: ${reply.error}`);
      return reply;
    } finally {
      gone.abort();
      // Whichever of the two did not come is given up.
      await Promise.allSettled([answer, exit]);
    }
  }
}
