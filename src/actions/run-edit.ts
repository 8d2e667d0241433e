import type { RunEdit } from './edit.ts';

/** Says no more than that a model is there; the one that asks it takes this file's place. */
export const runEdit: RunEdit = async function* (backend, _request, signal) {
  await backend.ensureReady(signal);
  yield { type: 'end', changed: false, answer: '' };
};
