/** One window at a time does a thing; the others see that it is being done. */
/** A window that has not been heard of for so long has crashed, or its computer sleeps; ms. */
const stale = 10_000;

export interface Lock {
  release(): Promise<void>;
}

/**
 * Undefined where another window has it.
 * @param file absolute path; its folder must be there
 * @param onLost somebody has taken it over, because this process stood still for too long
 * @throws what the file system says
 */
export async function tryLock(file: string, onLost: () => void): Promise<Lock | undefined> {
  const { lock } = await import('proper-lockfile');
  try {
    const release = await lock(file, { stale, realpath: false, onCompromised: onLost });
    // It may be lost, or its folder gone, by the time it is let go.
    return { release: () => release().catch(() => undefined) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}

export async function isLocked(file: string): Promise<boolean> {
  const { check } = await import('proper-lockfile');
  return check(file, { stale, realpath: false }).catch(() => false);
}

export interface Repeated {
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** Does something again and again, one after another. What it throws goes to `onError`. */
export function every(ms: number, task: () => Promise<void>, onError: (error: unknown) => void): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let over = false;
  const next = (): void => {
    if (over) return;
    timer = setTimeout(() => {
      running = task().catch(onError).finally(next);
    }, ms);
  };
  next();
  return {
    stop: async () => {
      over = true;
      clearTimeout(timer);
      await running;
    },
  };
}
