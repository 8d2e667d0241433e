/** The part of the package that is used. */
declare module 'proper-lockfile' {
  export interface LockOptions {
    /** ms after which a lock that nobody keeps up is nobody's. */
    readonly stale: number;
    /** Whether the file must be there. */
    readonly realpath: boolean;
    readonly onCompromised?: (error: Error) => void;
  }
  /** Resolves with what lets go of it. Rejects with the code ELOCKED where somebody has it. */
  export function lock(file: string, options: LockOptions): Promise<() => Promise<void>>;
  export function check(file: string, options: LockOptions): Promise<boolean>;
}
