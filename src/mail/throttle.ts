import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.js';
import type { Rate } from '../settings/fields.js';
import { domainMatches } from './domain.js';
import type { SmtpSettings } from './schema.js';

/** Whether a message may go. */
export type Leave =
  /** Now. */
  | { readonly kind: 'go' }
  /** Ask again after so many milliseconds; until then nobody else could go either, or not for long enough to matter. */
  | { readonly kind: 'stay'; readonly ms: number }
  /** The domain's turn comes in so many milliseconds; others can go meanwhile. */
  | { readonly kind: 'aside'; readonly ms: number };

export interface Throttle {
  /**
   * Asks every limit that holds for the domain, over all workers, in one round trip (none where there is no limit).
   * To be called on a ready connection, just before MAIL. May wait up to {@link AHEAD_MS} for a slot it has taken.
   * @param domain in its one spelling
   * Nothing is taken unless the message may go.
   */
  take(domain: string, signal?: AbortSignal): Promise<Leave>;
}

export interface ThrottleOptions {
  readonly redis: Redis;
  readonly prefix: string;
  readonly settings: Pick<SmtpSettings, 'rate' | 'domains'>;
  readonly clock: Clock;
}

/** A slot that begins within this time is taken and waited for. */
const AHEAD_MS = 1_000;

/**
 * How much later than another a message may be on its way to the server without a window ever holding one too many:
 * the window is made longer by this much. So `50/s` gives about 42 a second.
 */
export function jitterMargin({ perMs }: Rate): number {
  return Math.min(Math.max(perMs / 5, 200), 2_000);
}

/** A slot that this process comes too late for is given up and another taken; so often at most, for one message. */
const MOST_GIVEN_UP = 3;

interface Limit {
  readonly key: string;
  /** How late a slot may be used, in milliseconds. */
  readonly margin: number;
  /** Between two slots, in microseconds, which is what Redis counts in. */
  readonly interval: number;
}

/**
 * Keeps what all workers send below the configured rates: in no window of the stated length more than the stated
 * number. Slots are evenly spaced, and the time is Redis's, so workers' clocks do not matter.
 */
export function createThrottle({ redis, prefix, settings, clock }: ThrottleOptions): Throttle {
  const all: Limit | undefined = settings.rate && limitOf(`${prefix}:rate:*all`, settings.rate);
  const domains = settings.domains.map(({ match, rate }) => ({
    match,
    limit: limitOf(`${prefix}:rate:${match}`, rate),
  }));
  const script = readFileSync(new URL('./scripts/take-slot.lua', import.meta.url), 'utf8');
  const takeSlot = defineScript(redis, 'rollcallTakeSlot', script);

  return {
    async take(domain, signal) {
      const limits = domains.filter(({ match }) => domainMatches(domain, match)).map(({ limit }) => limit);
      const forEverybody = all ? 1 : 0;
      if (all) limits.unshift(all);
      if (limits.length === 0) return { kind: 'go' };
      const margin = Math.min(...limits.map((limit) => limit.margin));
      for (let givenUp = 0; ; givenUp++) {
        const asked = clock.now();
        const [taken, micros, stay] = await takeSlot(
          limits.map(({ key }) => key),
          [AHEAD_MS * 1_000, forEverybody, ...limits.map(({ interval }) => interval)],
        );
        const wait = Math.ceil(micros / 1_000);
        if (taken === 0) return { kind: stay === 1 ? 'stay' : 'aside', ms: Math.max(wait, 1) };
        if (wait > 0) await clock.sleep(wait, signal);
        // A process that was held up by more than the margin would send into the slots of others.
        if (clock.now() - asked - wait <= margin || givenUp === MOST_GIVEN_UP) return { kind: 'go' };
      }
    },
  };
}

function limitOf(key: string, rate: Rate): Limit {
  const margin = jitterMargin(rate);
  return { key, margin, interval: Math.ceil(((rate.perMs + margin) * 1_000) / rate.count) };
}

type Answer = readonly [taken: number, micros: number, stay?: number];
type TakeSlot = (keys: readonly string[], args: readonly number[]) => Promise<Answer>;

/** By EVALSHA, loaded again whenever Redis has forgotten it. */
function defineScript(redis: Redis, name: string, lua: string): TakeSlot {
  redis.defineCommand(name, { lua });
  // defineCommand adds a method that the types cannot know
  const withScript = redis as unknown as Record<string, (...args: (string | number)[]) => Promise<Answer>>;
  return async (keys, args) => {
    const run = withScript[name];
    if (run === undefined) throw new TypeError(`${name} is not defined`);
    return run.call(redis, keys.length, ...keys, ...args);
  };
}
