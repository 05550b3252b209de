import { type Clock, systemClock } from './clock.js';
import { RollcallError } from './errors.js';

/**
 * Waits for `promise`, but not for ever: after `ms` milliseconds it rejects with ROLLCALL_ERR_TIMEOUT that names `what`
 * was waited for. The work itself goes on; give it a signal where it can be stopped.
 */
export async function withDeadline<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RollcallError('ROLLCALL_ERR_TIMEOUT', `Waited ${ms / 1000} s for ${what}.`)),
      ms,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks `condition` every `everyMs` until it gives something other than undefined or false, for at most `ms`. */
export async function waitFor<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  {
    ms,
    what,
    everyMs = 20,
    clock = systemClock,
  }: { ms: number; what: string; everyMs?: number; clock?: Clock },
): Promise<T> {
  const end = clock.now() + ms;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (clock.now() >= end)
      throw new RollcallError('ROLLCALL_ERR_TIMEOUT', `Waited ${ms / 1000} s for ${what}.`);
    await clock.sleep(everyMs);
  }
}
