/** Words and ways out for each error code. */
import * as l10n from '@vscode/l10n';
import type { ErrorCode, ErrorData } from '../base/errors.ts';
import { inBytes, inTokens } from '../models/quantities.ts';
import type { ErrorAction, ErrorCard } from '../protocol/webview.ts';

/** What the buttons of a card do; `use-context` carries the window in tokens behind a colon. */
export type ActionKind = 'retry' | 'choose-model' | 'restart' | 'new-conversation' | 'show-log' | 'open-settings' | 'use-auto-gpu' | 'install-cuda' | 'choose-gpu' | 'use-context' | 'turn-on';

export interface ShownError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly data: ErrorData;
}

export function errorCard({ code, message, data }: ShownError): ErrorCard {
  const card = (title: string, actions: ErrorAction[], detail?: string): ErrorCard => ({
    code,
    title,
    actions,
    ...(detail === undefined ? {} : { detail }),
  });
  const path = typeof data['path'] === 'string' ? data['path'] : undefined;
  const host = String(data['host'] ?? l10n.t('The server'));
  switch (code) {
    case 'model-not-chosen':
      return card(l10n.t('No model is chosen yet'), [chooseModel()]);
    case 'model-missing':
      return card(l10n.t('The model file is not there any more'), [chooseModel(), retry()], path);
    case 'model-not-gguf':
      return card(l10n.t('This file is not a GGUF model'), [chooseModel()], path);
    case 'model-unreadable':
      return card(l10n.t('The model file is incomplete or damaged'), [chooseModel(), retry()], path);
    case 'model-not-chat':
      return card(l10n.t('This model was not made for chat'), [chooseModel()], l10n.t('It has no chat template that works.'));
    case 'model-no-infill':
      return card(l10n.t('This model cannot complete code'), [chooseModel()], l10n.t('It has neither infill tokens nor a chat template.'));
    case 'ponder-off':
      return card(l10n.t('Ponder is off'), [{ id: 'turn-on', label: l10n.t('Turn on') }]);
    case 'gpu-unavailable':
      return gpuUnavailable(data);
    case 'context-too-large':
      return contextTooLarge(data);
    case 'prompt-too-long':
      return promptTooLong(data);
    case 'engine-crashed':
      return card(l10n.t('The engine stopped unexpectedly and was started again'), [retry(), showLog()], l10n.t('What had arrived is kept.'));
    case 'engine-restarted':
      return card(data['by'] === 'another' ? l10n.t('The engine was restarted from another window') : l10n.t('The engine was restarted'), [retry()], l10n.t('What had arrived is kept.'));
    case 'engine-unstable':
      return card(
        l10n.t('The engine stopped {0} times in a row and stays down', data['crashes'] ?? 0),
        [{ id: 'restart', label: l10n.t('Restart engine') }, showLog(), chooseModel()],
        l10n.t('A smaller context or model may help.'),
      );
    case 'engine-start-failed':
      return card(l10n.t('The engine could not be started'), [{ id: 'restart', label: l10n.t('Restart engine') }, showLog()], message);
    case 'conversation-damaged':
      return card(l10n.t('The conversation file is damaged'), [showLog()], message);
    case 'conversation-newer':
      return card(l10n.t('This conversation was written by a newer Ponder'), [newConversation()], message);
    case 'transcript-invalid':
      return card(l10n.t('This is not a transcript that Ponder can read'), [showLog()], message);
    case 'download-refused':
      return card(l10n.t('{0} does not give this file without a token', host), [retry()], l10n.t('Accept the licence on the website, and give Ponder an access token.'));
    case 'download-missing':
      return card(l10n.t('{0} does not have this file any more', host), [chooseModel(), retry()]);
    case 'download-damaged':
      return card(l10n.t('What arrived is not the file that was asked for'), [retry(), showLog()], l10n.t('Nothing of it was kept. Another mirror may help.'));
    case 'download-failed':
      return card(l10n.t('The download could not be finished'), [retry(), openSettings(), showLog()], l10n.t('What has arrived is kept; the next attempt goes on from there.'));
    case 'disk-full':
      return diskFull(data);
    case 'folder-unwritable':
      return card(l10n.t('The folder for models cannot be written to'), [openSettings(), retry()], path);
    case 'bad-message':
    case 'internal':
      return card(l10n.t('Something went wrong in Ponder'), [retry(), showLog()], message);
  }
}

/** Names as their makers write them. */
const backendNames: Readonly<Record<string, string>> = { cuda: 'CUDA', vulkan: 'Vulkan', metal: 'Metal', cpu: 'CPU' };

function gpuUnavailable({ gpu, devices, installed, nvidia }: ErrorData): ErrorCard {
  const auto = { id: 'use-auto-gpu', label: l10n.t('Choose automatically') };
  const other = { id: 'choose-gpu', label: l10n.t('Choose another…') };
  const code = 'gpu-unavailable';
  if (devices !== undefined) return { code, title: l10n.t('The chosen GPUs are not all available: {0}', String(devices)), actions: [other, auto] };
  const title = l10n.t('The {0} backend is not available on this computer', backendNames[String(gpu)] ?? 'GPU');
  if (gpu !== 'cuda') return { code, title, actions: [auto, other, openSettings()] };
  if (installed !== undefined) return { code, title, detail: l10n.t('It is installed, but it does not start: the driver or the CUDA runtime is missing or too old.'), actions: [auto, other] };
  const install = { id: 'install-cuda', label: l10n.t('Install CUDA backend…') };
  return { code, title, actions: nvidia === undefined ? [auto, install, other] : [install, auto, other] };
}

function contextTooLarge(data: ErrorData): ErrorCard {
  const { asked, fits, fitsNeeded, needed, free } = data;
  return {
    code: 'context-too-large',
    title: typeof asked === 'number' ? l10n.t('Not enough memory for a {0} context', inTokens(asked)) : l10n.t('Not enough memory for this context'),
    ...(typeof needed === 'number' && typeof free === 'number' ? { memory: { needed, free } } : {}),
    actions: [...(typeof fits === 'number' ? [useContext(fits, fitsNeeded)] : []), openSettings(), chooseModel()],
  };
}

function diskFull({ path, needed, free }: ErrorData): ErrorCard {
  return {
    code: 'disk-full',
    title: l10n.t('The disk is full'),
    ...(typeof needed === 'number' && typeof free === 'number'
      ? { detail: l10n.t('{0} are needed and {1} are free in {2}.', inBytes(needed), inBytes(free), String(path)) }
      : {}),
    actions: [retry(), openSettings()],
  };
}

function promptTooLong(data: ErrorData): ErrorCard {
  const tokens = Number(data['tokens']);
  const window = Number(data['window']);
  // Room for an answer beside the prompt.
  const larger = [8192, 16_384, 32_768, 65_536, 131_072].find((size) => size > tokens * 1.25 && size > window);
  return {
    code: 'prompt-too-long',
    title: l10n.t('The conversation is longer than the context window'),
    detail: l10n.t('It has {0} tokens, the window {1}.', tokens.toLocaleString(), window.toLocaleString()),
    actions: [...(larger ? [useContext(larger)] : []), newConversation()],
  };
}

/** A card in one line, for a notification. */
export function errorSentence(error: ShownError): string {
  const { title, detail } = errorCard(error);
  if (!detail) return title;
  return detail.endsWith('.') || detail.endsWith('。') ? l10n.t('{0}. {1}', title, detail) : l10n.t('{0}: {1}', title, detail);
}

const newConversation = (): ErrorAction => ({ id: 'new-conversation', label: l10n.t('New conversation') });
const retry = (): ErrorAction => ({ id: 'retry', label: l10n.t('Retry') });
const chooseModel = (): ErrorAction => ({ id: 'choose-model', label: l10n.t('Choose a model…') });
const showLog = (): ErrorAction => ({ id: 'show-log', label: l10n.t('Show log') });
const openSettings = (): ErrorAction => ({ id: 'open-settings', label: l10n.t('Open settings') });
const useContext = (tokens: number, bytes?: string | number): ErrorAction => ({
  id: `use-context:${tokens}`,
  label: l10n.t('Use {0}', inTokens(tokens)),
  ...(typeof bytes === 'number' ? { detail: l10n.t('Needs {0}', inBytes(bytes)) } : {}),
});
