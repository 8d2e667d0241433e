import type { LoadParams } from '../../src/protocol/engine.ts';
import type { BenchOptions } from '../row.ts';

/**
 * The tiny model runs with one thread: a layer of it is done before a second thread has woken up. Another model is
 * loaded as the extension would by itself.
 */
export function loadParams({ modelPath, tiny }: BenchOptions): LoadParams {
  return { modelPath, contextSize: 4096, ...(tiny ? { gpu: 'cpu', threads: 1 } : { gpu: 'auto' }) };
}
