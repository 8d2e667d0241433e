import { useEffect, useRef, useState } from 'preact/hooks';

/** Milliseconds that go on counting between messages while `running`; without a timer otherwise. */
export function useElapsed(ms: number, running: boolean): number {
  const known = useRef({ ms, at: performance.now() });
  const [, tick] = useState(0);
  if (known.current.ms !== ms) known.current = { ms, at: performance.now() };
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => {
      tick((n) => n + 1);
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, [running]);
  return running ? known.current.ms + performance.now() - known.current.at : ms;
}
