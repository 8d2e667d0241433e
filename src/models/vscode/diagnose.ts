/** Writes the report of what is there and how it runs. Imported when first needed. */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Backend } from '../../backends/backend.ts';
import { isAbort, toPonderError } from '../../base/errors.ts';
import type { LogLine } from '../../base/recent-log.ts';
import { readSettings, settingKeys } from '../../host/settings.ts';
import type { Hardware } from '../../protocol/engine.ts';
import { cudaStanding, cudaSupported, type CudaOptions } from './cuda.ts';
import { report, type ReportFacts } from '../diagnose/report.ts';
import { speedTest } from '../diagnose/speed-test.ts';
import type { DownloadState } from '../download/state.ts';

export interface DiagnoseOptions extends CudaOptions {
  readonly backend: Backend;
  /** Of the extension. */
  readonly version: string;
  readonly downloads: readonly DownloadState[];
  readonly recent: () => readonly LogLine[];
}

type Report = (message: string) => void;

export async function diagnose(options: DiagnoseOptions): Promise<void> {
  const progress = { location: vscode.ProgressLocation.Notification, title: l10n.t('Ponder looks at itself'), cancellable: true };
  const text = await vscode.window.withProgress(progress, async (window, token) => {
    const aborter = new AbortController();
    const cancelling = token.onCancellationRequested(() => aborter.abort());
    try {
      return report(await gather(options, (message) => window.report({ message }), aborter.signal));
    } finally {
      cancelling.dispose();
    }
  });
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: text });
  await vscode.window.showTextDocument(document);
}

/** Whatever cannot be found out is said to be so: a report is wanted most where something does not work. */
async function gather(options: DiagnoseOptions, say: Report, signal: AbortSignal): Promise<ReportFacts> {
  const { backend, version, downloads, recent } = options;
  const asked = readSettings()['engine.gpu'];
  say(l10n.t('What this computer has…'));
  const found = await backend.hardware(asked).catch((error: unknown): string => problem(error));
  const speed = await measured(backend, say, signal);
  const status = await backend.status().catch(() => undefined);
  const [processor] = os.cpus();
  return {
    person: { home: os.homedir(), user: userName() },
    at: new Date(),
    versions: [
      ['Ponder', version],
      ['VS Code', `${vscode.version} (${vscode.env.appName}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'browser' : 'desktop'})`],
      ['Node.js', process.versions.node],
      ...(process.versions['electron'] === undefined ? [] : ([['Electron', process.versions['electron']]] as const)),
      ['node-llama-cpp', status?.library ?? 'unknown: the engine does not run'],
    ],
    system: { name: `${os.type()} ${os.release()} (${process.platform} ${process.arch})`, cpu: processor?.model.trim() ?? 'unknown', logicalCores: os.cpus().length, ramTotal: os.totalmem(), ramFree: os.freemem(), remote: vscode.env.remoteName },
    gpu: { asked, found: found satisfies Hardware | string },
    cuda: await cudaWords(options).catch(problem),
    engine: backend.state,
    status,
    settings: changedSettings(),
    speed,
    downloads,
    log: recent(),
  };
}

async function measured(backend: Backend, say: Report, signal: AbortSignal): Promise<ReportFacts['speed']> {
  if (backend.state.kind === 'missing') return 'no model is chosen';
  if (!readSettings().enabled) return 'Ponder is turned off';
  try {
    say(l10n.t('Loading the model…'));
    const { contextSize } = await backend.ensureReady(signal);
    say(l10n.t('Measuring its speed for ten seconds…'));
    return await speedTest({ backend, now: () => performance.now(), timeout: (ms) => AbortSignal.timeout(ms), nonce: randomUUID().slice(0, 8), signal, window: contextSize });
  } catch (error) {
    return isAbort(error) ? 'cancelled' : problem(error);
  }
}

function changedSettings(): [string, string][] {
  const configuration = vscode.workspace.getConfiguration('ponder');
  return settingKeys.flatMap((key): [string, string][] => {
    const inspected = configuration.inspect<unknown>(key);
    const value: unknown = configuration.get(key);
    return inspected === undefined || JSON.stringify(value) === JSON.stringify(inspected.defaultValue) ? [] : [[`ponder.${key}`, JSON.stringify(value)]];
  });
}

function problem(error: unknown): string {
  const { code, message } = toPonderError(error);
  return `${code}: ${message}`;
}

/** Some systems know none. */
function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return '';
  }
}

/** Whether the CUDA backend is installed. */
async function cudaWords(options: CudaOptions): Promise<string> {
  if (!cudaSupported()) return 'none for this platform';
  const { installed, stale } = await cudaStanding(options);
  return `${installed ? 'installed' : 'not installed'}${stale.length > 0 ? ` (left of other versions: ${stale.join(', ')})` : ''}`;
}
