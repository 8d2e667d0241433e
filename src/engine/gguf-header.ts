import { open } from 'node:fs/promises';
import { PonderError } from '../base/errors.ts';

/**
 * Looks at a file before llama.cpp does, because its own message for each of these is the same.
 * @throws PonderError `model-missing`, `model-not-gguf`
 */
export async function checkGgufHeader(path: string): Promise<void> {
  let file;
  try {
    file = await open(path, 'r');
  } catch {
    throw new PonderError('model-missing', `There is no readable file at ${path}.`, { path });
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead === 0) throw new PonderError('model-not-gguf', `${path} is empty.`, { path });
    if (buffer.toString('latin1') !== 'GGUF') throw new PonderError('model-not-gguf', `${path} is not a GGUF file.`, { path });
  } catch (error) {
    if (error instanceof PonderError) throw error;
    throw new PonderError('model-missing', `${path} cannot be read.`, { path });
  } finally {
    await file.close();
  }
}
