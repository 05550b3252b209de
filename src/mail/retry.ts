/** So much of a wait may be added to it, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * How long to wait after a 4xx.
 * @param attempt 1 after the first try; beyond the list its last wait is repeated
 * @param retry the configured waits, in milliseconds
 * @param statedMs what the server itself asked for; it replaces the configured wait
 * @param random from 0 up to 1
 * @returns milliseconds, never less than asked for
 */
export function nextRetry(
  attempt: number,
  retry: readonly number[],
  statedMs: number | undefined,
  random: () => number,
): number {
  const wait = statedMs ?? retry[Math.min(attempt, retry.length) - 1] ?? retry.at(-1) ?? 0;
  return Math.round(wait * (1 + JITTER * random()));
}
