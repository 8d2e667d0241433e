import path from 'node:path';
import { readSettings } from '../../host/settings.ts';

/** Where models are downloaded to. @param usual absolute path where the user has chosen none */
export function modelsFolder(usual: string): string {
  const chosen = readSettings()['models.folder'];
  return path.isAbsolute(chosen) ? chosen : usual;
}
