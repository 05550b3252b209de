import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/log.js';

/** What is known of a relay that cannot be reached, or takes nobody's mail. */
export interface RelayTrouble {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** When it is tried again. */
  readonly until: number;
  readonly reason: string;
}

/**
 * The wait that all workers share while the relay is down. It grows, since a relay that comes back from a failure is best
 * not met by everybody at once, and ends by itself: the first message that is taken clears it.
 */
export interface RelayHold {
  /** The relay failed us: how many milliseconds everybody waits now. */
  down(reason: string): Promise<number>;
  /**
   * The relay answered a message that was begun at that instant: one that was under way when the trouble began says
   * nothing. Cheap: asks Redis only now and then, or when this process saw it down.
   */
  up(begun: number): Promise<void>;
  trouble(): Promise<RelayTrouble | undefined>;
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
/** How often a process that saw no trouble looks whether another one did. */
const LOOK_EVERY_MS = 5_000;

export function createRelayHold(context: {
  redis: Redis;
  prefix: string;
  clock: Clock;
  log: Logger;
}): RelayHold {
  const { redis, clock, log } = context;
  const key = `${context.prefix}:relay`;
  const holdKey = `${key}:hold`;
  let sawDown = false;
  let lastLook = 0;

  return {
    async down(reason) {
      sawDown = true;
      const failures = Number((await redis.hget(key, 'failures')) ?? 0);
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
      // Ten workers that fail in the same second are one failure: only who sets the hold counts it.
      const first = (await redis.set(holdKey, '1', 'PX', wait, 'NX')) === 'OK';
      if (!first) return Math.max(1, await redis.pttl(holdKey));
      log.warn({ reason, waitMs: wait }, 'the mail server takes nothing now: all workers wait');
      const now = clock.now();
      await redis
        .multi()
        .hincrby(key, 'failures', 1)
        .hsetnx(key, 'since', now)
        .hset(key, { last: now, until: now + wait, reason: reason.slice(0, 200) })
        .exec();
      return wait;
    },

    async up(begun) {
      const now = clock.now();
      if (!sawDown && now - lastLook < LOOK_EVERY_MS) return;
      lastLook = now;
      const last = await redis.hget(key, 'last');
      if (begun <= Number(last ?? 0)) return;
      sawDown = false;
      if (last !== null && (await redis.del(key, holdKey)) > 0)
        log.info({}, 'the mail server takes messages again');
    },

    async trouble() {
      const { since, until, reason } = await redis.hgetall(key);
      if (since === undefined || until === undefined) return undefined;
      return { since: Number(since), until: Number(until), reason: reason ?? '' };
    },
  };
}
