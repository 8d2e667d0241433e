/** Where to begin. */

export function openWalkthrough(): Promise<void> {
  return Promise.reject(new Error('openWalkthrough: to be built'));
}
