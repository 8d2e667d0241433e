export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a room writes what happened; VS Code's LogOutputChannel fits. Never file contents or prompts. */
export type Logger = Readonly<Record<LogLevel, (message: string) => void>>;

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
