/** The report of what is there and how it runs. Imported when first needed. */

export function diagnose(): Promise<void> {
  return Promise.reject(new Error('diagnose: to be built'));
}
