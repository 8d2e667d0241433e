/**
 * Holds a view's state and draws it. Messages are gathered and drawn together in the next frame, and after a costly
 * draw the next one waits as long as that one took: a fast stream never takes more than half of the time.
 */
export interface Store<Message> {
  readonly push: (message: Message) => void;
}

export function createStore<State, Message>(
  initial: State,
  reduce: (state: State, message: Message) => State,
  draw: (state: State) => void,
): Store<Message> {
  let state = initial;
  let queue: Message[] = [];
  let scheduled = false;
  let notBefore = 0;

  const flush = (): void => {
    const start = performance.now();
    if (start < notBefore && !document.hidden) {
      requestAnimationFrame(flush);
      return;
    }
    scheduled = false;
    const messages = queue;
    queue = [];
    state = messages.reduce(reduce, state);
    draw(state);
    const cost = performance.now() - start;
    notBefore = cost > 6 ? start + 2 * cost : 0;
  };

  draw(state);
  return {
    push: (message) => {
      queue.push(message);
      if (scheduled) return;
      scheduled = true;
      // A hidden page gets no frames, but its state has to keep up.
      if (document.hidden) setTimeout(flush, 100);
      else requestAnimationFrame(flush);
    },
  };
}
