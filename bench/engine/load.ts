import type { LoadParams } from '../../src/protocol/engine.ts';
import { copyWithMetadata } from '../../test/model/support/gguf.ts';
import type { BenchOptions } from '../row.ts';

/**
 * The tiny model runs with one thread: a layer of it is done before a second thread has woken up. It declares more
 * tokens than it was trained on, or YaRN would stretch it for this window. Another model is loaded as the extension
 * would by itself.
 */
export function loadParams({ modelPath, tiny }: BenchOptions): LoadParams {
  if (!tiny) return { modelPath, contextSize: 4096, gpu: 'auto' };
  return { modelPath: copyWithMetadata(modelPath, { 'qwen3.context_length': { uint32: 4096 } }), contextSize: 4096, gpu: 'cpu', threads: 1 };
}
