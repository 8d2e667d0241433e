import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface ScrollerProps {
  readonly class: string;
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A box that scrolls sideways, and can be reached by keyboard when there is something to scroll to. */
export function Scroller({ class: name, label, children }: ScrollerProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const check = (): void => {
      setScrolls(element.scrollWidth > element.clientWidth + 1);
    };
    const resized = new ResizeObserver(check);
    resized.observe(element);
    if (element.firstElementChild) resized.observe(element.firstElementChild);
    return () => {
      resized.disconnect();
    };
  }, []);
  const reachable = scrolls ? { tabIndex: 0, role: 'group' as const, 'aria-label': label } : {};
  return (
    <div ref={box} class={`scroller ${name}`} {...reachable}>
      {children}
    </div>
  );
}
