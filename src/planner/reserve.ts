/** Most answers with their thoughts are done within this, tokens; the budgets of the model cards are twice to four times it. */
const usualOutput = 8192;

/** No window is planned with less room for an answer, tokens. */
const leastOutput = 64;

/**
 * Room to plan for beside a prompt, tokens. A whole output budget would stretch positions, or take memory, for answers
 * that hardly ever come; what does turn out longer goes on to the window's end. It depends on the model and not on the
 * window of the moment, or a window that has grown would find itself too small for the same prompt.
 * @param maxTokens what the request allows; absent: no limit
 * @param native the window the model was trained for, tokens
 */
export function outputReserve(maxTokens: number | undefined, native: number): number {
  return Math.max(leastOutput, Math.min(maxTokens ?? Infinity, usualOutput, Math.floor(native / 4)));
}
