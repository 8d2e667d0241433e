/** Loading, unloading, on and off. */

export function loadModel(): Promise<void> {
  return Promise.reject(new Error('loadModel: to be built'));
}

export function togglePonder(): Promise<void> {
  return Promise.reject(new Error('togglePonder: to be built'));
}
