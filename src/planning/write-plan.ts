import type { Ledger } from '../ledger/ledger.js';
import type { PlanEntry, PlannerLock } from '../ledger/types.js';
import { Secret } from '../lib/secret.js';
import type { DeliveryQueue } from '../queue/delivery-queue.js';
import type { Conflicts } from './conflicts.js';
import { conflictOf } from './conflicts.js';
import type { AssignedRecord, Spool, SpoolRecord } from './spool.js';
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

/** Pages on their way to Redis: while it writes one, the next is being made ready here. */
const PAGES_IN_FLIGHT = 2;

/**
 * The plan becomes true: deliveries in the ledger first, then a job for each. A crash in between leaves rows without jobs,
 * which the reconciler puts back; the other way round it would leave jobs that nothing stands behind.
 */
export async function writePlan(context: WriteContext, conflicts: Conflicts): Promise<void> {
  const { run, lock, ledger, spool, stillOurs } = context;
  const inFlight: Promise<void>[] = [];
  try {
    for await (const page of spool.pages()) {
      stillOurs();
      const written = writePage(context, conflicts, page);
      written.catch(() => {}); // heard where it is awaited
      inFlight.push(written);
      if (inFlight.length === PAGES_IN_FLIGHT) await inFlight.shift();
    }
    for (const written of inFlight) await written;
  } finally {
    // A failure ends the run: nothing of it may still be on its way then.
    await Promise.allSettled(inFlight);
  }
  if (conflicts.unchanged.length > 0) {
    await ledger.passOver(
      lock,
      run,
      conflicts.unchanged.map((person) => ({ ...person, cancel: 'conflict' })),
    );
  }
}

async function writePage(
  { run, lock, ledger, queue, tally, first }: WriteContext,
  conflicts: Conflicts,
  page: readonly SpoolRecord[],
): Promise<void> {
  const passed: Parameters<Ledger['passOver']>[2][number][] = [];
  const entries: PlanEntry[] = [];
  const remembered: AssignedRecord[] = [];
  for (const record of page) {
    if (record.kind === 'skipped') {
      const { kind: _, ...person } = record;
      passed.push({ outcome: 'skipped', ...person });
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
  if (entries.length === 0) return;

  const queued: { delivery: string }[] = [];
  for (const result of await ledger.plan(lock, run, entries)) {
    if (result.kind === 'stale') {
      // Another re-send was faster: that person has a newer message than the one that was confirmed here.
      tally.recipients -= 1;
      count(tally.skipped, 'stale');
    } else {
      queued.push({ delivery: result.delivery });
    }
  }
  await queue.add(queued, { first });
}

function entryOf(record: AssignedRecord): PlanEntry {
  return {
    person: record.person,
    dn: record.dn,
    pattern: record.pattern,
    alias: record.alias,
    address: record.address,
    revision: record.revision,
    fingerprint: record.fingerprint,
    aliasHash: record.aliasHash,
    expectedSequence: record.sequence,
    payload: record.payload ?? new Secret(''),
  };
}
