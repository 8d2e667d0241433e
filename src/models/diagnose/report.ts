/** The report of what is there and how it runs, as Markdown for people. Pure; English, since it is mostly read by others. */
import type { BackendState } from '../../backends/backend.ts';
import type { LogLine } from '../../base/recent-log.ts';
import type { EngineStatus, GpuBackend, Hardware, ModelInfo } from '../../protocol/engine.ts';
import type { DownloadState } from '../download/state.ts';
import { fileTitle } from '../model-words.ts';
import { scrub, type Person } from './scrub.ts';
import type { Speed } from './speed-test.ts';

export interface ReportFacts {
  readonly person: Person;
  readonly at: Date;
  /** Name and version. */
  readonly versions: readonly (readonly [name: string, version: string])[];
  readonly system: { readonly name: string; readonly cpu: string; readonly logicalCores: number; readonly ramTotal: number; readonly ramFree: number; readonly remote: string | undefined };
  /** The backend asked for, and what came of it: what there is, or why it could not be had. */
  readonly gpu: { readonly asked: GpuBackend; readonly found: Hardware | string };
  /** Whether the CUDA backend is installed, in words. */
  readonly cuda: string;
  readonly engine: BackendState;
  readonly status: EngineStatus | undefined;
  /** Settings that are not as they come, with their values as JSON. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  /** What was measured, or why nothing was. */
  readonly speed: Speed | string;
  readonly downloads: readonly DownloadState[];
  /** Oldest first. */
  readonly log: readonly LogLine[];
}

export function report(facts: ReportFacts): string {
  const { at, versions, system, settings, speed, downloads, log, person } = facts;
  const parts = [
    '# Ponder: report',
    `Written ${at.toISOString()}. It has no contents of files, no conversations and no names of people in it; read it before you send it.`,
    section('Versions', versions),
    section('Computer', [
      ['System', system.name],
      ['Remote', system.remote ?? 'no'],
      ['CPU', system.cpu],
      ['Cores', coresOf(facts)],
      ['Memory', `${size(system.ramTotal)}, ${size(system.ramFree)} free`],
    ]),
    section('GPU', gpuRows(facts)),
    section('Model', modelRows(facts)),
    section('Speed', speedRows(speed)),
    section('Settings that are not the default', settings.length === 0 ? [['All', 'as they come']] : settings.map(([key, value]) => [`\`${key}\``, code(value)])),
    section('Downloads', downloads.length === 0 ? [['None', '']] : downloads.map((state) => [state.wanted.name, downloadLine(state)])),
    `## Warnings and errors of late\n\n${log.length === 0 ? 'None.' : fenced(log.map(({ at: when, level, message }) => `${new Date(when).toISOString()} ${level}: ${message}`))}`,
  ];
  return `${scrub(parts.join('\n\n'), person)}\n`;
}

type Row = readonly [name: string, value: string];

function section(title: string, rows: readonly Row[]): string {
  return `## ${title}\n\n${rows.map(([name, value]) => (value === '' ? `- ${name}` : `- ${name}: ${value}`)).join('\n')}`;
}

function coresOf({ gpu: { found }, system: { logicalCores } }: ReportFacts): string {
  return typeof found === 'string' ? `${String(logicalCores)} logical` : `${String(found.cores.physical)} physical, ${String(found.cores.logical)} logical`;
}

function gpuRows({ gpu: { asked, found }, cuda }: ReportFacts): Row[] {
  const rows: Row[] = [['Backend asked for', asked]];
  if (typeof found === 'string') return [...rows, ['Backend obtained', `none: ${found}`], ['CUDA backend', cuda]];
  const { backend, gpus, vram, unified } = found;
  return [
    ...rows,
    ['Backend obtained', asked === 'auto' || asked === backend ? backend : `${backend} (not what was asked for)`],
    ['GPUs', gpus.length === 0 ? 'none that the backend can use' : gpus.map(({ name }, index) => `${String(index)} ${name}`).join('; ')],
    ...(gpus.length === 0 ? [] : ([['GPU memory', `${size(vram.total)}, ${size(vram.free)} free${unified ? ', part of the RAM' : ''}`]] as const)),
    ['CUDA backend', cuda],
  ];
}

function modelRows({ engine, status }: ReportFacts): Row[] {
  switch (engine.kind) {
    case 'off':
      return [['State', 'Ponder is turned off']];
    case 'missing':
      return [['State', 'no model is chosen']];
    case 'idle':
      return [['State', `${fileTitle(engine.params.modelPath)} is chosen and not loaded`]];
    case 'loading':
      return [['State', `${fileTitle(engine.params.modelPath)} is loading`]];
    case 'down':
      return [['State', `the engine ended ${String(engine.crashes)} times in a row and stays down`]];
    case 'ready':
      return [...loadedRows(engine.model), ...engineRows(status)];
  }
}

function loadedRows(model: ModelInfo): Row[] {
  const { yarnFactor, trainedContext, contextSize, largestContext } = model;
  return [
    ['Name', model.name],
    ['File', `${fileTitle(model.path)}, ${size(model.size)}`],
    ['Architecture', model.architecture],
    ['Quantisation', model.quantisation ?? 'unknown'],
    ['Layers on the GPU', `${String(model.gpuLayers)} of ${String(model.layers)} (${model.gpu})`],
    ['Threads', String(model.threads)],
    ['Window', `${tokens(contextSize)}, may grow to ${tokens(largestContext)}, trained for ${tokens(trainedContext)}`],
    ['YaRN', yarnFactor > 1 ? `factor ${String(Math.round(yarnFactor * 100) / 100)}` : 'off'],
    ['KV cache', model.kvType],
    ['Thinks', { hybrid: 'when it is asked to', always: 'always', never: 'never' }[model.thinking]],
    ['Tools', model.tools ? 'yes' : 'no'],
    ['Infill tokens', model.infill ? 'yes' : 'no'],
  ];
}

function engineRows(status: EngineStatus | undefined): Row[] {
  if (!status) return [];
  const { context, memory, windows, models, modelLoads } = status;
  return [
    ['Memory of the engine', `${size(memory)}${context ? `; of it the context ${size(context.allocated)}, planned ${size(context.predicted)}` : ''}`],
    ['Windows on this engine', `${String(windows)}; models in memory: ${String(models)}, loaded since its start: ${String(modelLoads)}`],
  ];
}

function speedRows(speed: Speed | string): Row[] {
  if (typeof speed === 'string') return [['Not measured', speed]];
  const { reading, writing, read, written } = speed;
  return [
    ['Reading', reading === undefined ? 'too short to be measured' : `${rate(reading)} tokens/s, over ${String(read)} tokens`],
    ['Writing', writing === undefined ? 'too short to be measured' : `${rate(writing)} tokens/s, over ${String(written)} tokens`],
  ];
}

function downloadLine({ phase, done, total, error, elsewhere }: DownloadState): string {
  const amount = total === undefined ? size(done) : `${size(done)} of ${size(total)}`;
  return `${phase}, ${amount}${elsewhere ? ', in another window' : ''}${error ? `, ${error.code}: ${error.message}` : ''}`;
}

/** Whatever a value has in it, it stays code. */
function code(value: string): string {
  return `\`${value.replaceAll('`', "'").replaceAll('\n', ' ')}\``;
}

function fenced(lines: readonly string[]): string {
  return `\`\`\`\`text\n${lines.map((line) => line.replaceAll('````', "''''")).join('\n')}\n\`\`\`\``;
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function tokens(count: number): string {
  return `${count.toLocaleString('en')} tokens`;
}

function size(bytes: number): string {
  return bytes < 999.5e6 ? `${(bytes / 1e6).toFixed(bytes < 9.95e6 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
