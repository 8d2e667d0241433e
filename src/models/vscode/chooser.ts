/** Choosing a model, and a file. Imported when first needed. */

export function useModelFile(): Promise<void> {
  return Promise.reject(new Error('useModelFile: to be built'));
}
