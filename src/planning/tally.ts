import type { RunTotals } from '../ledger/types.js';
import type { DeliveryStatus } from '../model/status.js';

/** Counts what becomes of each person read, so that at the end everybody is accounted for. */
export interface Tally {
  people: number;
  /** Who is to be written to. */
  recipients: number;
  conflict: number;
  readonly skipped: Map<string, number>;
  readonly unchanged: Map<DeliveryStatus, number>;
}

export const createTally = (): Tally => ({
  people: 0,
  recipients: 0,
  conflict: 0,
  skipped: new Map(),
  unchanged: new Map(),
});

export function count<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Takes one away again; from another row where that status has none left, since a delivery may have moved on meanwhile. */
export function uncount<Key>(counts: Map<Key, number>, key: Key): void {
  const row = (counts.get(key) ?? 0) > 0 ? key : [...counts].find(([, value]) => value > 0)?.[0];
  if (row !== undefined) count(counts, row, -1);
}

const sum = (counts: ReadonlyMap<unknown, number>): number =>
  [...counts.values()].reduce((total, n) => total + n, 0);

/** The outcomes as the ledger keeps them. A refused run wrote to nobody: its recipients are skipped as `refused`. */
export function totalsOf(tally: Tally, end: { state: RunTotals['state']; reason?: string }): RunTotals {
  const skipped = new Map(tally.skipped);
  if (end.state !== 'running' && tally.recipients > 0) count(skipped, 'refused', tally.recipients);
  return {
    ...end,
    people: tally.people,
    outcomes: { unchanged: sum(tally.unchanged), skipped: sum(skipped), conflict: tally.conflict },
    skipped: Object.fromEntries(skipped),
    unchanged: Object.fromEntries(tally.unchanged),
  };
}
