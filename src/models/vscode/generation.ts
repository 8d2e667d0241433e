/** How a turn is sampled, by the model's profile and the settings. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { readSettings, type Settings } from '../../host/settings.ts';
import type { ModelInfo } from '../../protocol/engine.ts';
import { thoughtBudget as usual } from '../../protocol/webview.ts';
import type { Generation, GreedyRefused, OutputSettings, SamplingSettings } from '../generation.ts';

/** What has been told since the window opened. */
const told = new Set<string>();

/** @param thoughtBudget tokens after which a thought is usually closed */
export async function generationFor(model: ModelInfo, thinks: boolean, thoughtBudget: number = usual.default): Promise<Generation> {
  const [{ chooseGeneration }, { profileFor }, { readCorrections }] = await Promise.all([import('../generation.ts'), import('../profile.ts'), import('../corrections.ts')]);
  const settings = readSettings();
  const { corrections } = readCorrections(settings['models.profiles']);
  const generation = chooseGeneration(profileFor(model, corrections), thinks, thoughtBudget, generationSettings(settings));
  if (generation.notice) void tell(generation.notice);
  return generation;
}

function generationSettings(settings: Settings): SamplingSettings & OutputSettings {
  const long = settings['thinking.long'];
  return {
    temperature: settings['sampling.temperature'],
    topP: settings['sampling.topP'],
    topK: settings['sampling.topK'],
    minP: settings['sampling.minP'],
    presencePenalty: settings['sampling.presencePenalty'],
    maxTokens: settings['output.maxTokens'],
    long: long === 'off' ? long : Number(long),
  };
}

async function tell({ setting, used }: GreedyRefused): Promise<void> {
  const key = `ponder.sampling.${setting}`;
  if (told.has(key)) return;
  told.add(key);
  const open = l10n.t('Open settings');
  const message = l10n.t('{0} would make the model say the likeliest word every time. While it thinks, that repeats without end, so the recommended {1} is used.', key, used);
  if ((await vscode.window.showInformationMessage(message, open)) === open) await vscode.commands.executeCommand('workbench.action.openSettings', key);
}
