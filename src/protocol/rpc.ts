/**
 * Typed requests over a vscode-jsonrpc connection: a contract names each method with its schemas; calls carry an
 * AbortSignal, may stream events, and fail with a PonderError.
 */
import {
  CancellationTokenSource,
  ErrorCodes,
  NotificationType,
  ProgressType,
  ResponseError,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc';
import * as v from 'valibot';
import type { LogLevel } from '../base/log.ts';
import { errorCodes, isAbort, PonderError, toPonderError } from '../base/errors.ts';
import { logLine } from './engine.ts';

/** The code that LSP has for it. */
const cancelled = -32800;

type Schema = v.GenericSchema;
export interface Method {
  readonly params: Schema;
  readonly result: Schema;
  readonly event?: Schema;
}
export type Contract = Readonly<Record<string, Method>>;

export type Params<M extends Method> = v.InferInput<M['params']>;
export type Result<M extends Method> = v.InferOutput<M['result']>;
export type StreamEvent<M extends Method> = M extends { readonly event: infer E extends Schema } ? v.InferOutput<E> : never;

export interface CallOptions<E> {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: E) => void) | undefined;
}

/** Serves one method; `emit` streams to the caller, `signal` aborts when the caller cancels. */
export type Handler<M extends Method> = (
  params: v.InferOutput<M['params']>,
  context: { readonly signal: AbortSignal; readonly emit: (event: StreamEvent<M>) => void },
) => Promise<v.InferInput<M['result']>>;
export type Handlers<C extends Contract> = { readonly [K in keyof C]: Handler<C[K]> };

const stream = new ProgressType<unknown>();
const log = new NotificationType<unknown>('log');
const envelope = v.strictObject({ params: v.unknown(), stream: v.optional(v.number()) });
const failure = v.object({ code: v.picklist(errorCodes), data: v.record(v.string(), v.union([v.string(), v.number()])) });

function check<S extends Schema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new PonderError('bad-message', `${what}: ${v.summarize(parsed.issues)}`);
}

/** The calling side. Disposing the connection rejects every call under way with `closed`. */
export class RpcClient<C extends Contract> {
  #nextStream = 1;

  constructor(
    private readonly connection: MessageConnection,
    private readonly contract: C,
    onLog?: (level: LogLevel, message: string) => void,
  ) {
    connection.onNotification(log, (line) => {
      const { level, message } = check(logLine, line, 'log');
      onLog?.(level, message);
    });
    connection.listen();
  }

  /** @throws PonderError with the code the other side gave; an AbortError when `signal` aborts. */
  async call<K extends keyof C & string>(
    name: K,
    params: Params<C[K]>,
    { signal, onEvent }: CallOptions<StreamEvent<C[K]>> = {},
  ): Promise<Result<C[K]>> {
    signal?.throwIfAborted();
    const method: Method | undefined = this.contract[name];
    if (!method) throw new PonderError('internal', `No method ${name}`);
    const { event: eventSchema, result: resultSchema } = method;
    // The schema checks what the type says.
    const deliver = onEvent as ((event: unknown) => void) | undefined;
    const cancellation = new CancellationTokenSource();
    const cancel = (): void => cancellation.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    const token = eventSchema && onEvent ? this.#nextStream++ : undefined;
    const listening =
      token !== undefined && eventSchema
        ? this.connection.onProgress(stream, token, (raw) => {
            deliver?.(check(eventSchema, raw, `${name} event`));
          })
        : undefined;
    try {
      const result: unknown = await this.connection.sendRequest(name, { params, stream: token }, cancellation.token);
      return check(resultSchema, result, `${name} result`);
    } catch (thrown) {
      // The other side may give up by itself, too.
      if (signal?.aborted || (thrown instanceof ResponseError && thrown.code === cancelled)) throw new DOMException('Cancelled', 'AbortError');
      throw fromWire(thrown);
    } finally {
      signal?.removeEventListener('abort', cancel);
      listening?.dispose();
      cancellation.dispose();
    }
  }
}

/**
 * The serving side. Requests under way are aborted when the connection closes.
 * @returns a function that sends a log line to the caller
 */
export function serve<C extends Contract>(
  connection: MessageConnection,
  contract: C,
  handlers: Handlers<C>,
): (level: LogLevel, message: string) => void {
  const underWay = new Set<AbortController>();
  connection.onClose(() => underWay.forEach((aborter) => aborter.abort()));
  for (const name of Object.keys(contract)) {
    const method = contract[name];
    const handler = handlers[name];
    if (!method || !handler) continue;
    connection.onRequest(name, async (raw: unknown, token: CancellationToken) => {
      const aborter = new AbortController();
      token.onCancellationRequested(() => aborter.abort());
      underWay.add(aborter);
      try {
        const { params, stream: streamToken } = check(envelope, raw, name);
        const emit = (event: unknown): void => {
          if (streamToken !== undefined) void tell(() => connection.sendProgress(stream, streamToken, event));
        };
        return await handler(check(method.params, params, name), { signal: aborter.signal, emit });
      } catch (thrown) {
        return toWire(thrown);
      } finally {
        underWay.delete(aborter);
      }
    });
  }
  connection.listen();
  return (level, message) => void tell(() => connection.sendNotification(log, { level, message }));
}

/** What is said on a connection that has closed throws, or rejects: who was to hear of it has gone. */
async function tell(send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch {
    return;
  }
}

function toWire(thrown: unknown): ResponseError<unknown> {
  if (isAbort(thrown)) return new ResponseError(cancelled, 'Cancelled');
  const { code, message, data } = toPonderError(thrown);
  return new ResponseError(ErrorCodes.InternalError, message, { code, data });
}

function fromWire(thrown: unknown): PonderError {
  if (thrown instanceof ResponseError) {
    const known = v.safeParse(failure, thrown.data);
    if (known.success) return new PonderError(known.output.code, thrown.message, known.output.data);
  }
  return toPonderError(thrown);
}
