// @ts-check
/** A real VS Code and a real browser, for UI tests, host tests and `npm start`. */
export * from './axe.mjs';
export * from './browser.mjs';
export * from './engine.mjs';
export * from './profile.mjs';
export * from './server.mjs';
export * from './workbench.mjs';
