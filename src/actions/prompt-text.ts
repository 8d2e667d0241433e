/** Prompts whose words a user reads: in the language of VS Code, as far as there is one. Pure. */
import explainTerminal from './prompts/explain-terminal.md';
import explainTerminalZh from './prompts/explain-terminal.zh-cn.md';
import explainThis from './prompts/explain-this.md';
import explainThisZh from './prompts/explain-this.zh-cn.md';

/** @param locale VS Code's: "zh-cn"; @param more what the user adds */
export function explainThisQuestion(locale: string, more: string): string {
  return [(isChinese(locale) ? explainThisZh : explainThis).trim(), more].filter((part) => part !== '').join(' ');
}

export function explainTerminalQuestion(locale: string): string {
  return (isChinese(locale) ? explainTerminalZh : explainTerminal).trim();
}

function isChinese(locale: string): boolean {
  return /^zh\b/i.test(locale);
}
