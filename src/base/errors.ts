/**
 * Errors that a user may meet carry a code. Words and actions for a code are chosen where it is shown
 * (`chat/error-card.ts`), so that an engine, a log and a translated card can speak of the same thing.
 */
export const errorCodes = [
  /** No model is chosen. */
  'model-not-chosen',
  /** The chosen file does not exist (any more). */
  'model-missing',
  /** The chosen file is empty, HTML or anything else that is not GGUF. */
  'model-not-gguf',
  /** A GGUF file that llama.cpp refuses: cut short, damaged or of an unknown kind. */
  'model-unreadable',
  /** A GGUF file without a chat template, or with one that does not render. */
  'model-not-chat',
  /** A model that can fill no holes: it has neither tokens for that nor a chat template. */
  'model-no-infill',
  /** Ponder is turned off, and nothing runs. */
  'ponder-off',
  /** The GPU backend asked for is not to be had here. Data: `gpu`; `installed` or `nvidia` (1) where its binaries were fetched, or there is a GPU of NVIDIA; `devices` where those are not to be had. */
  'gpu-unavailable',
  /** The context does not fit into memory. Data: `needed`, `free`, `fitsNeeded` (bytes), `asked`, `fits` (tokens). */
  'context-too-large',
  /** The prompt is longer than the window. Data: `tokens`, `window`. */
  'prompt-too-long',
  /** The engine process ended in the middle of a request. */
  'engine-crashed',
  /** It was ended by who wanted another, in the middle of a request. Data: `by`, `this` window or `another`. */
  'engine-restarted',
  /** It has ended too often in a row to be started again unasked. Data: `crashes`. */
  'engine-unstable',
  /** It could not be started, or speaks another protocol version. */
  'engine-start-failed',
  /** A server wants a token, or has none of it for this one. Data: `host`. */
  'download-refused',
  /** No server has the file any more. Data: `host`. */
  'download-missing',
  /** What a server has is not the file that its hub describes. */
  'download-damaged',
  /** No server could be reached for long enough. Data: `host`. */
  'download-failed',
  /** There is no room for a file. Data: `path`, `needed`, `free` (bytes). */
  'disk-full',
  /** A folder is gone or may not be written to. Data: `path`. */
  'folder-unwritable',
  /** A message at a boundary fits no known type. */
  'bad-message',
  /** A conversation file is damaged. Data: `kept`, `lost` (turns). */
  'conversation-damaged',
  /** A conversation was written by a newer Ponder and is not overwritten. Data: `version`. */
  'conversation-newer',
  /** A file is not a transcript. */
  'transcript-invalid',
  /** Anything without a code of its own: a defect of ours. */
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export type ErrorData = Readonly<Record<string, string | number>>;

/** An expected failure. `message` is plain English for logs and the command line. */
export class PonderError extends Error {
  override readonly name = 'PonderError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly data: ErrorData = {},
  ) {
    super(message);
  }
}

/** Any thrown value as a PonderError; unexpected ones become `internal`. */
export function toPonderError(thrown: unknown): PonderError {
  if (thrown instanceof PonderError) return thrown;
  return new PonderError('internal', thrown instanceof Error ? thrown.message : String(thrown));
}

/** What a cancelled operation rejects with: the shape `AbortSignal` itself uses. */
export function isAbort(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === 'AbortError';
}
