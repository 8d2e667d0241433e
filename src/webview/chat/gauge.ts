import type { ChatState } from '../../protocol/webview.ts';

/** How the window is drawn, in tokens: `cached`, `fresh` and `over` stand one behind the other. */
export interface Gauge {
  readonly cached: number;
  readonly fresh: number;
  /** What fits in no way. */
  readonly over: number;
  readonly free: number;
  /** What the window holds: as it is now, or where it cannot hold enough, as large as it may become. */
  readonly limit: number;
  /** What the whole width stands for. */
  readonly scale: number;
  /** Present when the window has to grow, and can. */
  readonly growsTo: number | undefined;
  /** Present when the window reaches beyond the one that the model was trained with. */
  readonly native: number | undefined;
}

export function gauge({ used, cached: known, size, native, largest = size }: NonNullable<ChatState['window']>): Gauge {
  const largestOfAll = Math.max(size, largest);
  const over = Math.max(0, used - largestOfAll);
  const cached = Math.min(known, used - over);
  return {
    cached,
    fresh: used - over - cached,
    over,
    free: Math.max(0, size - used),
    limit: over > 0 ? largestOfAll : size,
    scale: Math.max(size, used),
    growsTo: used > size && over === 0 ? largestOfAll : undefined,
    native: native !== undefined && native < size ? native : undefined,
  };
}
