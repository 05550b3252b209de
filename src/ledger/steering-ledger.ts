import { z } from 'zod';
import { RollcallError } from '../lib/errors.js';
import { answer, type LedgerParts } from './context.js';
import { foldAddress } from './fold-address.js';
import { scanHashValues } from './pages.js';
import type { SteeringLedger, Suppression } from './types.js';

const PAGE = 500;

const suppression = z.object({ address: z.string(), reason: z.string(), since: z.number(), by: z.string() });
const ids = z.array(z.string());

/** An admin's hand on the ledger. */
export function createSteeringLedger(parts: LedgerParts): SteeringLedger {
  const { redis, keys, script } = parts;

  /** The runs that a scope names: one, or all of the campaign, oldest first. */
  const runsOf = async ({ campaign, run }: { campaign: string; run?: string }) =>
    run === undefined ? answer(redis.zrange(keys.runs(campaign), '0', '-1')) : [run];

  const mustBeThere = (done: unknown, { campaign, run }: { campaign: string; run?: string }) => {
    if (done === 0)
      throw new RollcallError(
        'ROLLCALL_ERR_UNKNOWN_RUN',
        `The campaign ${campaign} has no run ${run ?? ''}.`,
      );
  };

  const unparkAll = async (run: string): Promise<string[]> => {
    const all: string[] = [];
    for (;;) {
      const page = ids.parse(await script('unpark', run, PAGE));
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  };

  return {
    async pause(scope, { actor, reason }) {
      mustBeThere(await script('pause', scope.campaign, scope.run ?? '', actor, reason), scope);
    },

    async resume(scope, { actor }) {
      if (scope.run === undefined) await script('resume', scope.campaign, '', actor);
      const released: string[] = [];
      for (const run of await runsOf(scope)) {
        const how = scope.run === undefined ? '' : 'canary';
        mustBeThere(await script('resume', scope.campaign, run, actor, how), scope);
        // A campaign that is paused parks them again when they are claimed.
        released.push(...(await unparkAll(run)));
      }
      return released;
    },

    async paused(campaign) {
      const [since, by, reason] = await answer(
        redis.hmget(keys.campaign(campaign), 'pausedAt', 'pausedBy', 'pausedReason'),
      );
      return since ? { since: Number(since), by: by ?? '', reason: reason ?? '' } : undefined;
    },

    async cancel(scope, { actor, reason }) {
      let cancelled = 0;
      for (const run of await runsOf(scope)) {
        const [length, [name, sealed, ...open]] = await answer(
          Promise.all([
            redis.llen(keys.deliveries(run)),
            redis.hmget(keys.run(run), 'campaign', 'sealed', 'n:queued', 'n:sending', 'n:deferred'),
          ]),
        );
        mustBeThere(name === scope.campaign ? 1 : 0, { campaign: scope.campaign, run });
        if (sealed !== null && open.every((value) => Number(value ?? 0) === 0)) continue; // it is over, and stays done
        for (let offset = 0; offset === 0 || offset < length; offset += PAGE) {
          const done = await script('cancel', scope.campaign, run, actor, reason, offset, PAGE);
          cancelled += z.number().parse(done);
        }
      }
      return cancelled;
    },

    async suppress(entry) {
      await script('suppress', foldAddress(entry.address), JSON.stringify(entry));
    },

    unsuppress: async (address) => (await script('unsuppress', foldAddress(address))) === 1,

    async *suppressions() {
      for await (const page of scanHashValues(redis, keys.suppressed))
        yield page.map(([, value]): Suppression => suppression.parse(JSON.parse(value)));
    },
  };
}
