/** The order of pinned files in a prompt: what changes stands behind what does not, which then need not be read again. Pure. */
import type { ContextItem } from './item.ts';

/**
 * Those that are as they were sent last, in that order; then what has changed since, then what is new.
 * @param last what was sent last, in its order
 */
export function orderPinned(items: readonly ContextItem[], last: readonly ContextItem[]): ContextItem[] {
  const places = new Map(last.map((item, index) => [item.path, { index, content: item.content }]));
  const rank = (item: ContextItem): number => {
    const place = places.get(item.path);
    if (!place) return 2 * last.length;
    return place.content === item.content ? place.index : last.length + place.index;
  };
  return items.toSorted((a, b) => rank(a) - rank(b));
}
