import type { PassedOver, PlanningLedger } from '../ledger/types.js';
import type { AssignedRecord, Spool } from './spool.js';
import type { Audience, Survey } from './survey.js';
import { type Tally, uncount } from './tally.js';

/** Two people, one alias: neither is written to. */
export interface Conflicts {
  /** Whether this person of the spool shares an alias with somebody. */
  has(record: AssignedRecord): boolean;
  /** Those among the unchanged, who are not in the spool. */
  readonly unchanged: readonly PassedOver[];
}

export const conflictOf = ({ person, dn }: Pick<AssignedRecord, 'person' | 'dn'>): PassedOver => ({
  person,
  dn,
  outcome: 'conflict',
  reason: 'two people, one alias',
});

export interface ConflictContext {
  readonly run: string;
  readonly campaign: string;
  readonly ledger: PlanningLedger;
  readonly spool: Spool;
  readonly tally: Tally;
  readonly audience: Audience;
}

/**
 * Finds who shares an alias, and moves them in the tally from what they were taken for. The common night has nobody, and
 * costs one sort. Otherwise the spool tells of those who were looked at, and one walk over the ledger of those who were
 * unchanged and so left no trace but their hash.
 */
export async function findConflicts(context: ConflictContext, { aliases, seen }: Survey): Promise<Conflicts> {
  const hashes = aliases.shared();
  if (hashes.size === 0) return { has: () => false, unchanged: [] };

  const { campaign, ledger, spool, tally, audience, run } = context;
  const accounted = new Set<string>();
  for await (const page of spool.pages()) {
    for (const record of page) {
      if (record.kind === 'skipped') {
        if (record.reason === 'suppressed') accounted.add(record.person);
      } else if (hashes.has(record.aliasHash)) {
        accounted.add(record.person);
        tally.conflict += 1;
        if (record.verdict === 'plan') tally.recipients -= 1;
        else uncount(tally.unchanged, record.verdict);
      }
    }
  }

  const unchanged: PassedOver[] = [];
  for await (const page of ledger.people(campaign)) {
    // A leaver's alias may go to a joiner: only people of this read count.
    const people = page.filter(
      (person) =>
        seen.has(person) && !accounted.has(person) && (audience === undefined || audience.has(person)),
    );
    const known = await ledger.known(campaign, people);
    people.forEach((person, index) => {
      const last = known[index];
      if (last === undefined || last.run === run || !hashes.has(last.aliasHash)) return;
      uncount(tally.unchanged, last.status);
      tally.conflict += 1;
      unchanged.push(conflictOf({ person, dn: '' }));
    });
  }
  return { has: (record) => hashes.has(record.aliasHash), unchanged };
}
