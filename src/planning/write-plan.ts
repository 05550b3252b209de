import type { Ledger } from '../ledger/ledger.js';
import type { PlanEntry, PlannerLock } from '../ledger/types.js';
import { Secret } from '../lib/secret.js';
import type { DeliveryQueue } from '../queue/delivery-queue.js';
import type { Conflicts } from './conflicts.js';
import { conflictOf } from './conflicts.js';
import type { AssignedRecord, Spool } from './spool.js';
import { count, type Tally } from './tally.js';

export interface WriteContext {
  readonly run: string;
  readonly lock: PlannerLock;
  readonly ledger: Ledger;
  readonly queue: DeliveryQueue;
  readonly spool: Spool;
  readonly tally: Tally;
  /** Re-sends go before a night's forty thousand. */
  readonly first: boolean;
  /** Throws once the planner has lost its lock or was told to stop. */
  readonly stillOurs: () => void;
}

/**
 * The plan becomes true: deliveries in the ledger first, then a job for each. A crash in between leaves rows without jobs,
 * which the reconciler puts back; the other way round it would leave jobs that nothing stands behind.
 */
export async function writePlan(context: WriteContext, conflicts: Conflicts): Promise<void> {
  const { run, lock, ledger, queue, spool, tally, first, stillOurs } = context;
  // One page's jobs are added while the next page is written: the two cost about the same.
  let adding: Promise<void> = Promise.resolve();

  for await (const page of spool.pages()) {
    stillOurs();
    const passed: Parameters<Ledger['passOver']>[2][number][] = [];
    const entries: PlanEntry[] = [];
    const remembered: AssignedRecord[] = [];
    for (const record of page) {
      if (record.kind === 'skipped') {
        const { kind: _, ...person } = record;
        passed.push({ ...person, outcome: 'skipped' });
      } else if (conflicts.has(record)) {
        passed.push({ ...conflictOf(record), cancel: 'conflict' });
      } else if (record.verdict === 'plan') {
        entries.push(entryOf(record));
      } else {
        remembered.push(record);
      }
    }
    if (passed.length > 0) await ledger.passOver(lock, run, passed);
    if (remembered.length > 0) await ledger.remember(lock, remembered);
    if (entries.length === 0) continue;

    const results = await ledger.plan(lock, run, entries);
    const queued: { delivery: string }[] = [];
    for (const result of results) {
      if (result.kind === 'stale') {
        // Another re-send was faster: that person has a newer message than the one that was confirmed here.
        tally.recipients -= 1;
        count(tally.skipped, 'stale');
      } else {
        queued.push({ delivery: result.delivery });
      }
    }
    await adding;
    adding = queue.add(queued, { first });
    // Awaited at the next page or at the end; until then a failure must not count as unhandled.
    adding.catch(() => {});
  }
  if (conflicts.unchanged.length > 0) {
    await ledger.passOver(
      lock,
      run,
      conflicts.unchanged.map((person) => ({ ...person, cancel: 'conflict' })),
    );
  }
  await adding;
}

function entryOf(record: AssignedRecord): PlanEntry {
  const {
    person,
    dn,
    pattern,
    alias,
    address,
    revision,
    fingerprint,
    aliasHash,
    sequence,
    payload = '',
  } = record;
  const entry = { person, dn, pattern, alias, address, revision, fingerprint, aliasHash };
  return { ...entry, expectedSequence: sequence, payload: new Secret(payload) };
}
