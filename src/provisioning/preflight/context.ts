import type { Clock } from '../../lib/clock.js';

/** What the probes need from outside. */
export interface PreflightDeps {
  /** Decides whether a certificate is in date. */
  readonly clock: Clock;
  /** How long each probe may take, in milliseconds. */
  readonly timeoutMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 10_000;
