/** Every name that `package.json` and the code share. A test compares the two. */

export const commandIds = [
  'ponder.newConversation',
  'ponder.showHistory',
  'ponder.openSettings',
  'ponder.focusChat',
  'ponder.stop',
  'ponder.answerNow',
  'ponder.chooseModel',
  'ponder.unloadModel',
  'ponder.restartEngine',
  'ponder.showLog',
  'ponder.exportConversation',
  'ponder.importTranscript',
  'ponder.deleteConversation',
  'ponder.findThought',
  'ponder.collapseThoughts',
  'ponder.copyThought',
  'ponder.completionMenu',
  'ponder.completeHere',
  'ponder.toggleCompletions',
  'ponder.toggleCompletionsForLanguage',
  'ponder.snoozeCompletions',
  'ponder.testCompletions',
  'ponder.chooseCompletionModel',
  'ponder.dismissCompletion',
  'ponder.addToContext',
  'ponder.addSelectionToContext',
  'ponder.addProblemsToContext',
  'ponder.addWorkspaceToContext',
  'ponder.compactConversation',
  'ponder.showSnapshots',
] as const;
export type CommandId = (typeof commandIds)[number];

export const containerId = 'ponder';
export const chatViewId = 'ponder.chat';
export const thinkingViewId = 'ponder.thinking';

export const contextKeys = { running: 'ponder.running', thinking: 'ponder.thinkingNow', completing: 'ponder.completing' } as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

export const transcriptLanguage = 'ponder-transcript';
