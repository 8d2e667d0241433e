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
  'ponder.explain',
  'ponder.refactor',
  'ponder.fix',
  'ponder.document',
  'ponder.writeTests',
  'ponder.askAboutSelection',
  'ponder.commitMessage',
  'ponder.explainTerminal',
  'ponder.explainProblem',
  'ponder.runPrompt',
  'ponder.acceptHunk',
  'ponder.rejectHunk',
  'ponder.nextHunk',
  'ponder.previousHunk',
  'ponder.acceptAll',
  'ponder.rejectAll',
  'ponder.openReviewDiff',
  'ponder.stopEdit',
  'ponder.downloadModel',
  'ponder.showDownloads',
  'ponder.setHubToken',
  'ponder.forgetHubToken',
  'ponder.loadModel',
  'ponder.useModelFile',
  'ponder.togglePonder',
  'ponder.installCuda',
  'ponder.removeCuda',
  'ponder.chooseGpu',
  'ponder.measureThreads',
  'ponder.showMenu',
  'ponder.diagnose',
  'ponder.openWalkthrough',
] as const;
export type CommandId = (typeof commandIds)[number];

/** As VS Code names it, with the extension before it. */
export const walkthroughId = 'start';

export const containerId = 'ponder';
export const chatViewId = 'ponder.chat';
export const reviewViewId = 'ponder.review';
export const thinkingViewId = 'ponder.thinking';

export const contextKeys = {
  running: 'ponder.running',
  thinking: 'ponder.thinkingNow',
  completing: 'ponder.completing',
  /** The model is writing an edit. */
  editing: 'ponder.editing',
  /** There are proposed changes to decide on. */
  reviewing: 'ponder.reviewing',
  /** In more than one file. */
  reviewingSeveral: 'ponder.reviewingSeveral',
  /** A model is chosen. */
  hasModel: 'ponder.hasModel',
} as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

export const transcriptLanguage = 'ponder-transcript';

/** Of the documents that show proposed changes between the lines they are about. */
export const reviewScheme = 'ponder-review';
/** Of the right sides of diff editors: files as they are proposed. */
export const proposalScheme = 'ponder-proposal';
