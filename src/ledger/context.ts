import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import { gather } from '../lib/gather.js';
import type { Keyring } from '../lib/keyring.js';
import type { Logger } from '../lib/log.js';
import type { ScriptArgument } from '../lib/redis-script.js';
import type { Identity } from './identity.js';
import type { LedgerKeys } from './keys.js';
import { asLedgerError, type ScriptName, type Scripts, type StepName } from './scripts.js';

/** What the parts of the ledger share. */
export interface LedgerParts {
  readonly redis: Redis;
  readonly keys: LedgerKeys;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Logger;
  readonly identity: Identity;
  /** Runs a script that checks, as all but one do, that this is still the same ledger. */
  script(name: ScriptName, ...args: ScriptArgument[]): Promise<unknown>;
  /** A step of one delivery, together with all others that are asked for at the same time. Strings are given as Buffers. */
  step(name: StepName): (...args: ScriptArgument[]) => Promise<unknown>;
}

/** So many deliveries take a step together at most: some five milliseconds of Redis's time. */
const MOST_STEPS = 50;
const answers = z.array(z.unknown());

export function bindScripts(scripts: Scripts, { id }: Identity): Pick<LedgerParts, 'script' | 'step'> {
  return {
    script: (name, ...args) => scripts.run(name, [id, ...args]),
    step: (name) => {
      type Step = readonly ScriptArgument[];
      const take = async (steps: readonly Step[]) => answers.parse(await scripts.take(name, id, steps));
      const ask = gather(
        (steps: readonly Step[]) =>
          take(steps).catch((error: unknown): unknown[] => {
            // One delivery that cannot take the step keeps no other from it. Each may be asked for twice.
            if (steps.length === 1 || !isOurFault(error)) throw error;
            return steps.map(async (step) => (await take([step]))[0]);
          }),
        MOST_STEPS,
      );
      return (...args) => ask(args);
    },
  };
}

const isOurFault = (error: unknown) =>
  error instanceof RollcallError && error.code === 'ROLLCALL_ERR_INTERNAL';

/** Waits for a plain command's answer, with Redis's errors as coded ones. */
export function answer<T>(command: Promise<T>): Promise<T> {
  return command.catch((error: unknown) => {
    throw asLedgerError(error);
  });
}
