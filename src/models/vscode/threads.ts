/** Measuring the number of threads anew. Imported when first needed. */

export function measureThreads(): Promise<void> {
  return Promise.reject(new Error('measureThreads: to be built'));
}
