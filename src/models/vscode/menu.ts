/** The menu of the status bar item. Imported when first needed. */

export function showMenu(): Promise<void> {
  return Promise.reject(new Error('showMenu: to be built'));
}
