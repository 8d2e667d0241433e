import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** How near to the end counts as being there, px. */
const near = 24;

export interface Follow {
  /** True while the end is followed. */
  readonly following: boolean;
  /** Go to the end and follow it again. */
  readonly jump: () => void;
  /** Stay where the reader is. */
  readonly release: () => void;
}

/**
 * Keeps a scrolling box at the end of what grows in it, until the reader scrolls away. The end is that of the element
 * marked `data-follow`, or that of the whole content.
 */
export function useFollow(box: { readonly current: HTMLElement | null }): Follow {
  const [following, setFollowing] = useState(true);
  const follows = useRef(true);
  const set = useCallback((value: boolean) => {
    follows.current = value;
    setFollowing(value);
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let lastTop = element.scrollTop;
    const toEnd = (): void => {
      if (follows.current) element.scrollTop = endOf(element);
    };
    const onScroll = (): void => {
      const rest = endOf(element) - element.scrollTop;
      if (Math.abs(rest) < near) set(true);
      else if (rest < 0 || element.scrollTop < lastTop - 1) set(false);
      lastTop = element.scrollTop;
    };
    const onWheel = (event: WheelEvent): void => {
      if (event.deltaY < 0 && element.scrollTop > 0) set(false);
    };
    const resized = new ResizeObserver(toEnd);
    resized.observe(element);
    if (element.firstElementChild) resized.observe(element.firstElementChild);
    const replaced = new MutationObserver(() => {
      if (element.firstElementChild) resized.observe(element.firstElementChild);
    });
    replaced.observe(element, { childList: true });
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: true });
    return () => {
      resized.disconnect();
      replaced.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [box, set]);

  const jump = useCallback(() => {
    set(true);
    const element = box.current;
    if (element) element.scrollTop = endOf(element);
  }, [box, set]);
  const release = useCallback(() => {
    set(false);
  }, [set]);
  return { following, jump, release };
}

/** The scroll position that shows the end. */
function endOf(box: HTMLElement): number {
  const marked = box.querySelector('[data-follow]');
  if (!marked) return box.scrollHeight - box.clientHeight;
  const bottom = marked.getBoundingClientRect().bottom - box.getBoundingClientRect().top + box.scrollTop;
  return Math.max(0, Math.min(bottom + near, box.scrollHeight) - box.clientHeight);
}
