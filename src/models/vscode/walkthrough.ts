/** Where to begin. Imported when first needed. */
import * as vscode from 'vscode';
import { walkthroughId } from '../../host/manifest.ts';

/** @param extension its id, publisher first */
export async function openWalkthrough(extension: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extension}#${walkthroughId}`, false);
}
