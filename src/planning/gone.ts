import type { PlannerLock, PlanningLedger } from '../ledger/types.js';
import type { Audience, Survey } from './survey.js';
import { count, type Tally } from './tally.js';

interface GoneContext {
  readonly campaign: string;
  readonly lock: PlannerLock;
  readonly ledger: PlanningLedger;
}

/**
 * Whether the ledger knows somebody whom this read did not have. To be asked before anybody new is written to the ledger:
 * then it is told by two numbers, and nearly every night by these alone. Who was missed and is back is noted here.
 */
export async function isAnyoneGone(context: GoneContext, { seen, known }: Survey): Promise<boolean> {
  const { campaign, lock, ledger } = context;
  const found = [...(await ledger.missing(campaign))].filter((person) => seen.has(person));
  if (found.length > 0) await ledger.found(lock, found);
  return (await ledger.population(campaign)) !== known;
}

/**
 * Counts a complete read without them against people whom the ledger knows and this read did not have; the second in a
 * row cancels their open deliveries. Nobody is dropped for one read, since a moved base or a tightened filter looks
 * just like people who left.
 */
export async function noteGone({ campaign, lock, ledger }: GoneContext, { seen }: Survey): Promise<void> {
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
