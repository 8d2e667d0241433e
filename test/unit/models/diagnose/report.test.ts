import { describe, expect, it } from 'vitest';
import { fakeModel } from '../../../../src/backends/fake.ts';
import { report, type ReportFacts } from '../../../../src/models/diagnose/report.ts';
import { scrub } from '../../../../src/models/diagnose/scrub.ts';

const person = { home: '/home/ada', user: 'ada' };
const facts: ReportFacts = {
  person,
  at: new Date('2026-01-02T03:04:05Z'),
  versions: [
    ['Ponder', '0.1.0'],
    ['VS Code', '1.139.1 (Code, desktop)'],
    ['Node.js', '24.1.0'],
    ['node-llama-cpp', '3.22.1'],
  ],
  system: { name: 'Linux 6.1 (linux x64)', cpu: 'A CPU', logicalCores: 16, ramTotal: 32e9, ramFree: 20.5e9, remote: undefined },
  gpu: { asked: 'cuda', found: { backend: 'vulkan', gpus: [{ name: 'RTX 4070' }], vram: { total: 12e9, free: 10.9e9 }, unified: false, ram: { total: 32e9, free: 20e9 }, cores: { physical: 8, logical: 16 } } },
  cuda: 'not installed',
  engine: {
    kind: 'ready',
    model: { ...fakeModel, path: '/home/ada/models/Qwen3-4B-Q4_K_M.gguf', name: 'Qwen3-4B', architecture: 'qwen3', size: 2.497e9, quantisation: 'Q4_K_M', layers: 36, gpuLayers: 36, gpu: 'vulkan', threads: 8, contextSize: 65_536, largestContext: 131_072, trainedContext: 32_768, yarnFactor: 2.0000001, kvType: 'q8_0', thinking: 'hybrid', tools: true, infill: true },
  },
  status: { library: '3.22.1', loaded: true, active: 0, evaluatedTokens: 9, cpuMs: 1, memory: 4.1e9, context: { predicted: 1.3e9, allocated: 1.2e9 }, windows: 2, models: 1, modelLoads: 3 },
  settings: [['ponder.model.path', '"/home/ada/models/Qwen3-4B-Q4_K_M.gguf"']],
  speed: { reading: 512.4, writing: 38.26, read: 2500, written: 190 },
  downloads: [{ target: '/home/ada/m.gguf', wanted: { id: 'q', name: 'Qwen3-8B', repositories: {}, path: 'q.gguf' }, elsewhere: false, phase: 'paused', done: 1.2e9, total: 5e9, speed: 0 }],
  log: [{ at: Date.UTC(2026, 0, 2), level: 'warn', message: 'engine: /home/ada/models/x.gguf is odd' }],
};

describe('the report', () => {
  it('says all there is to know, in this form', () => {
    expect(report(facts)).toBe(`# Ponder: report

Written 2026-01-02T03:04:05.000Z. It has no contents of files, no conversations and no names of people in it; read it before you send it.

## Versions

- Ponder: 0.1.0
- VS Code: 1.139.1 (Code, desktop)
- Node.js: 24.1.0
- node-llama-cpp: 3.22.1

## Computer

- System: Linux 6.1 (linux x64)
- Remote: no
- CPU: A CPU
- Cores: 8 physical, 16 logical
- Memory: 32.0 GB, 20.5 GB free

## GPU

- Backend asked for: cuda
- Backend obtained: vulkan (not what was asked for)
- GPUs: 0 RTX 4070
- GPU memory: 12.0 GB, 10.9 GB free
- CUDA backend: not installed

## Model

- Name: Qwen3-4B
- File: Qwen3-4B-Q4_K_M, 2.5 GB
- Architecture: qwen3
- Quantisation: Q4_K_M
- Layers on the GPU: 36 of 36 (vulkan)
- Threads: 8
- Window: 65,536 tokens, may grow to 131,072 tokens, trained for 32,768 tokens
- YaRN: factor 2
- KV cache: q8_0
- Thinks: when it is asked to
- Tools: yes
- Infill tokens: yes
- Memory of the engine: 4.1 GB; of it the context 1.2 GB, planned 1.3 GB
- Windows on this engine: 2; models in memory: 1, loaded since its start: 3

## Speed

- Reading: 512 tokens/s, over 2500 tokens
- Writing: 38 tokens/s, over 190 tokens

## Settings that are not the default

- \`ponder.model.path\`: \`"~/models/Qwen3-4B-Q4_K_M.gguf"\`

## Downloads

- Qwen3-8B: paused, 1.2 GB of 5.0 GB

## Warnings and errors of late

\`\`\`\`text
2026-01-02T00:00:00.000Z warn: engine: ~/models/x.gguf is odd
\`\`\`\`
`);
  });

  it('is written where nothing works, and says what does not', () => {
    const text = report({ ...facts, gpu: { asked: 'cuda', found: 'gpu-unavailable: no CUDA' }, engine: { kind: 'missing' }, status: undefined, settings: [], speed: 'no model is chosen', downloads: [], log: [] });
    for (const line of ['- Backend obtained: none: gpu-unavailable: no CUDA', '- Cores: 16 logical', '- State: no model is chosen', '- Not measured: no model is chosen', '- All: as they come', 'None.']) expect(text).toContain(line);
  });

  it('keeps a value from ending the code that it stands in', () => {
    const text = report({ ...facts, settings: [['ponder.x', '"`# no`\n# no"']], log: [{ at: 0, level: 'error', message: '```` # no' }] });
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual(['# Ponder: report']);
    expect(text.match(/^````/gm)).toHaveLength(2);
  });
});

describe('what is taken out', () => {
  it.each([
    ['/home/ada/models/a.gguf', '~/models/a.gguf'],
    ['/home/adalbert/a', '/home/adalbert/a'],
    ['file:///mnt/ada/x', 'file:///mnt/…/x'],
    ['https://ada:secret@hub.test/x', 'https://…@hub.test/x'],
    ['token hf_AbCdEf1234567890', 'token hf_…'],
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer …'],
    ['api_key=abcdefgh12345', 'api_key=…'],
    ['38 tokens/s', '38 tokens/s'],
  ])('%s', (text, clean) => {
    expect(scrub(text, person)).toBe(clean);
  });

  it('finds the home folder of Windows however it is spelt', () => {
    const windows = { home: 'C:\\Users\\Ada B', user: 'Ada B' };
    expect(scrub('C:\\Users\\Ada B\\m.gguf', windows)).toBe('~\\m.gguf');
    expect(scrub('"c:\\\\users\\\\ada b\\\\m.gguf"', windows)).toBe('"~\\\\m.gguf"');
    expect(scrub('file:///C:/Users/Ada%20B/m.gguf', windows)).toBe('file:///~/m.gguf');
  });
});
