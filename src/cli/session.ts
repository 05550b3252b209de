import type { Output } from './output.js';

/** What one call of `rollcall` carries to its command. */
export interface Session {
  readonly out: Output;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  /** Closes something at the end, however the command ends; what was opened last is closed first. */
  defer(close: () => Promise<unknown>): void;
}

/** The session's closers, run once, last opened first. A closer that fails does not keep the others from running. */
export function createClosers(): { add: Session['defer']; closeAll(): Promise<void> } {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    add: (close) => closers.push(close),
    closeAll: async () => {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close !== undefined; close = closers.pop())
        await close().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
}
