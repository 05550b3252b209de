import type { PlannerLock, PlanningLedger } from '../ledger/types.js';
import type { Audience, Survey } from './survey.js';
import { count, type Tally } from './tally.js';

/**
 * Counts a complete read without them against people whom the ledger knows and this read did not have; the second in a
 * row cancels their open deliveries. Nobody is dropped for one read, since a moved base or a tightened filter looks
 * just like people who left. Where everybody known was seen, which is nearly every night, this costs two look-ups.
 */
export async function noteGone(
  context: { campaign: string; lock: PlannerLock; ledger: PlanningLedger },
  { seen, known }: Survey,
): Promise<void> {
  const { campaign, lock, ledger } = context;
  const found = [...(await ledger.missing(campaign))].filter((person) => seen.has(person));
  if (found.length > 0) await ledger.found(lock, found);
  if ((await ledger.population(campaign)) === known) return;

  for await (const page of ledger.people(campaign)) {
    const unseen = page.filter((person) => !seen.has(person));
    if (unseen.length > 0) await ledger.missed(lock, unseen);
  }
}

/**
 * People whom a re-send asks for and this read does not have: skipped, and accounted for like everybody else. Nothing of
 * theirs is cancelled for it.
 */
export function countGone(audience: Audience & object, { seen }: Survey, tally: Tally): string[] {
  const gone = [...audience.keys()].filter((person) => !seen.has(person));
  tally.people += gone.length;
  if (gone.length > 0) count(tally.skipped, 'gone', gone.length);
  return gone;
}
