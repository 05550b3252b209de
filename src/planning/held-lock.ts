import type { PlannerLock } from '../ledger/types.js';
import { RollcallError } from '../lib/errors.js';

/** A planner's lock that renews itself until it is let go. */
export interface HeldLock {
  readonly lock: PlannerLock;
  /** Aborted once the lock is lost or the caller's own signal is. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** A planner that dies is followed by another after this long. One that was only slow is fenced: it cannot write any more. */
export const LEASE_MS = 15_000;

export function holdLock(lock: PlannerLock, stop?: AbortSignal): HeldLock {
  const lost = new AbortController();
  const timer = setInterval(() => {
    lock.renew().catch((error) => {
      // One renewal that Redis did not answer is no loss yet: the scripts check the token, and two more follow in time.
      if (error instanceof RollcallError && error.code === 'ROLLCALL_ERR_LOCK_LOST') lost.abort(error);
    });
  }, LEASE_MS / 3);
  timer.unref();

  return {
    lock,
    signal: stop ? AbortSignal.any([stop, lost.signal]) : lost.signal,
    async release() {
      clearInterval(timer);
      await lock.release();
    },
  };
}
