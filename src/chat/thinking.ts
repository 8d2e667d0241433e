import type { ThinkingKind, ThinkingMode } from '../protocol/webview.ts';

/** Words that ask for reasons or for work in several steps, in English and Chinese. */
const needsSteps =
  /\b(?:why|how|prove|derive|debug|fix|bug|refactor|design|plan|compare|optimi[sz]e|implement|calculate|compute|analy[sz]e|review|explain|test|count)\b|为什么|怎么|如何|证明|调试|修复|重构|设计|比较|优化|实现|计算|分析|解释/i;
/** Longer questions than this carry conditions to keep in mind. In UTF-16 units. */
const longQuestion = 160;

/**
 * Whether a hybrid model shall think about a question. `auto` answers short questions that ask for no reasons at
 * once. A soft switch (`/think`, `/no_think`) is left to the model, which only sees it while thinking is on.
 */
export function shouldThink(mode: ThinkingMode, kind: ThinkingKind, question: string, hasFiles: boolean): boolean {
  if (kind !== 'hybrid') return kind === 'always';
  if (/(?:^|\s)\/(?:no_)?think\b/.test(question)) return true;
  if (mode !== 'auto') return mode === 'on';
  return hasFiles || question.length > longQuestion || /```|\n/.test(question) || needsSteps.test(question);
}
