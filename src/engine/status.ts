/** How a window's part of the engine stands, for menus, the report and tests. */
import type { EngineStatus } from '../protocol/engine.ts';
import type { ChatModel } from './chat-model.ts';
import type { InfillMachine } from './infill-machine.ts';
import { libraryVersion } from './library.ts';
import type { Shared } from './shared.ts';

export interface Standing {
  readonly chat: ChatModel | undefined;
  readonly infill: InfillMachine | undefined;
  /** Requests being worked on. */
  readonly active: number;
  readonly shared: Pick<Shared, 'windows' | 'pool'>;
}

export function engineStatus({ chat, infill, active, shared }: Standing): EngineStatus {
  const { user, system } = process.cpuUsage();
  const meters = [chat?.machine, infill].map((machine) => machine?.sequence.tokenMeter.getState());
  return {
    library: libraryVersion(),
    loaded: chat !== undefined,
    active,
    evaluatedTokens: meters.reduce((sum, meter) => sum + (meter ? meter.usedInputTokens + meter.usedOutputTokens : 0), 0),
    cpuMs: (user + system) / 1000,
    memory: process.memoryUsage().rss,
    ...(chat ? { context: chat.memory } : {}),
    ...(chat?.threads ? { threads: chat.threads.control.count } : {}),
    windows: shared.windows,
    models: shared.pool.models,
    modelLoads: shared.pool.loads,
  };
}
