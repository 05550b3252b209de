import { z } from 'zod';
import { answer, type LedgerParts } from './context.js';
import { deliveryId } from './delivery-id.js';
import { scanHashValues } from './pages.js';
import type { LedgerQueries, LedgerUpkeep } from './types.js';

/** What keeps the ledger from growing for ever, and people's right to be forgotten. */
export function createUpkeep(
  { redis, keys, clock, script }: LedgerParts,
  queries: Pick<LedgerQueries, 'campaigns' | 'run'>,
): Pick<LedgerUpkeep, 'forget' | 'prune'> {
  const forgetIn = async (campaign: string, person: string): Promise<number> => {
    const [packed, runs] = await answer(
      Promise.all([redis.hget(keys.people(campaign), person), redis.zrange(keys.runs(campaign), '0', '-1')]),
    );
    const last = Number(packed?.split('\t')[1] ?? 0);
    const ids = Array.from({ length: last }, (_, at) => deliveryId(campaign, person, at + 1));
    return z.number().parse(await script('forget', campaign, person, runs.length, ...runs, ...ids));
  };

  const pruneRuns = async (campaign: string, before: number): Promise<void> => {
    for (const run of await answer(redis.zrangebyscore(keys.runs(campaign), '-inf', before))) {
      const document = await queries.run(run);
      const hasRows = (await answer(redis.llen(keys.deliveries(run)))) > 0;
      // Rows of people still in the directory are kept, and their run with them.
      if (hasRows || (document !== undefined && document.endedAt === null)) continue;
      await script('drop-run', campaign, run);
    }
  };

  return {
    async forget(person, campaign) {
      let erased = 0;
      for (const name of campaign === undefined ? await queries.campaigns() : [campaign])
        erased += await forgetIn(name, person);
      return erased;
    },

    async prune(keepMs) {
      const before = clock.now() - keepMs;
      let people = 0;
      for (const campaign of await queries.campaigns()) {
        for await (const page of scanHashValues(redis, keys.gone(campaign))) {
          for (const [person, since] of page) {
            if (Number(since) > before) continue;
            await forgetIn(campaign, person);
            people += 1;
          }
        }
        await pruneRuns(campaign, before);
      }
      return people;
    },
  };
}
