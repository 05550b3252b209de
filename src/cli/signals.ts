import { constants } from 'node:os';

export interface Signals {
  readonly signal: AbortSignal;
  /** The signal that came, if one did. */
  received(): 'SIGINT' | 'SIGTERM' | undefined;
}

/** The exit code of a process that a signal ended: 130 for SIGINT, 143 for SIGTERM. */
export function exitCodeAfter(name: 'SIGINT' | 'SIGTERM'): number {
  return 128 + constants.signals[name];
}

/**
 * SIGINT and SIGTERM abort the signal; what runs ends in its own time. A second one ends the process at once:
 * the ledger is made for that.
 */
export function listenForSignals(): Signals {
  const controller = new AbortController();
  let first: 'SIGINT' | 'SIGTERM' | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (first !== undefined) process.exit(exitCodeAfter(name));
      first = name;
      controller.abort(new Error(name));
    });
  return { signal: controller.signal, received: () => first };
}
