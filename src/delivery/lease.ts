import type { DeliveryLedger } from '../ledger/types.js';

/**
 * How long a claim holds without a sign of life. Waiting ten minutes for the reply to the final dot (RFC 5321 §4.5.3.2.6)
 * is fine, since the lease is renewed meanwhile; a worker that died is found out after this long. Short, because being
 * wrong about a death costs nothing but a word: a claim taken away before the body is refused its body, and after it the
 * owner's late answer still counts.
 */
export const LEASE_MS = 20_000;

/** Three signs of life may be lost. */
const RENEW_MS = LEASE_MS / 4;

/** Renews the claim until it is stopped. A claim that was lost shows at the next write: the token no longer fits. */
export function keepLease(ledger: DeliveryLedger, delivery: string, token: string): { stop(): void } {
  const timer = setInterval(() => {
    ledger.renew(delivery, token, LEASE_MS).catch(() => {
      // Redis is away for a moment: the next renewal, or the record, says whether the claim still stands.
    });
  }, RENEW_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
