/** Choosing GPU, backend and layers. Imported when first needed. */

export function chooseGpu(): Promise<void> {
  return Promise.reject(new Error('chooseGpu: to be built'));
}
