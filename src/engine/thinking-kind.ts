import type { Run } from './template.ts';
import type { ModelInfo } from '../protocol/engine.ts';

/** How a rendered prompt leaves the model: inside an open thought, behind a closed one, or with neither. */
export function promptEnding(runs: readonly Run[]): 'thought-open' | 'thought-closed' | 'plain' {
  for (const run of runs.toReversed()) {
    if ('text' in run) {
      if (run.text.trim() !== '') return 'plain';
    } else if (run.special === '<think>') return 'thought-open';
    else if (run.special === '</think>') return 'thought-closed';
    else return 'plain';
  }
  return 'plain';
}

/**
 * Tells the three kinds of Qwen3 apart by what their templates do, never by name:
 * a hybrid closes an empty thought when thinking is off, a thinking model opens one whatever it is told,
 * an instruct model does neither.
 */
export function thinkingKind(render: (thinking: boolean) => readonly Run[]): ModelInfo['thinking'] {
  if (promptEnding(render(false)) === 'thought-closed') return 'hybrid';
  return promptEnding(render(true)) === 'thought-open' ? 'always' : 'never';
}
