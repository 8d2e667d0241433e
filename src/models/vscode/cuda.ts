/** The CUDA backend: fetched where it is asked for, and removed again. Imported when first needed. */

export function installCuda(): Promise<void> {
  return Promise.reject(new Error('installCuda: to be built'));
}

export function removeCuda(): Promise<void> {
  return Promise.reject(new Error('removeCuda: to be built'));
}
