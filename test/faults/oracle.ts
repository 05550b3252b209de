import type { Received } from '../support/fault-smtp.js';

/** A person as `report --format json` shows them. */
export interface PersonReport {
  readonly person: string;
  readonly delivery: { readonly delivery: string; readonly status: string; readonly address: string } | null;
  readonly passedOver: { readonly outcome: string } | null;
}

/** As much of `status CAMPAIGN --json` as is looked at. */
export interface StatusReport {
  readonly lastRun: {
    readonly state: string;
    readonly people: number;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly counts: Readonly<Record<string, number>>;
  } | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly disagreements: readonly string[];
}

export interface Findings {
  /** What must not be: each a sentence. */
  readonly problems: readonly string[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly uncertain: { readonly arrived: number; readonly not: number };
  /** Complete messages that the server took. */
  readonly messages: number;
}

/** How many complete copies may be with the server, by what the ledger says. */
const allowed: Readonly<Record<string, readonly number[]>> = {
  sent: [1],
  delivered: [1],
  bounced: [1],
  uncertain: [0, 1],
  failed: [0],
  cancelled: [0],
  suppressed: [0],
  expired: [0],
  queued: [0],
  deferred: [0],
};

/**
 * Compares what the server took, counted by Message-ID, with what the ledger says. Every person of the test has an address
 * of their own, so that messages and people find each other without anything that the program computes.
 */
export function judge({
  people,
  status,
  received,
  expected,
}: {
  people: readonly PersonReport[];
  status: StatusReport;
  received: readonly Received[];
  /** How many people are in the directory. */
  expected: number;
}): Findings {
  const problems: string[] = [...status.disagreements];
  const copies = new Map<string, number>();
  const ids = new Map<string, Set<string>>();
  for (const { messageId, to } of received) {
    copies.set(messageId, (copies.get(messageId) ?? 0) + 1);
    for (const address of to) ids.set(address, (ids.get(address) ?? new Set()).add(messageId));
  }
  for (const [messageId, count] of copies)
    if (count > 1) problems.push(`${messageId} arrived ${count} times.`);

  const statuses: Record<string, number> = {};
  const uncertain = { arrived: 0, not: 0 };
  for (const { person, delivery, passedOver } of people) {
    if (delivery === null) {
      if (passedOver === null) problems.push(`${person} has neither a delivery nor an outcome.`);
      continue;
    }
    const { address, status: says } = delivery;
    statuses[says] = (statuses[says] ?? 0) + 1;
    const own = [...(ids.get(address) ?? [])];
    ids.delete(address);
    if (own.length > 1) problems.push(`${address} was written to under ${own.length} Message-IDs.`);
    const arrived = own.reduce((sum, id) => sum + (copies.get(id) ?? 0), 0);
    if (!(allowed[says] ?? []).includes(arrived))
      problems.push(`${address} is ${says}, and ${arrived} copies arrived.`);
    if (says === 'uncertain') uncertain[arrived > 0 ? 'arrived' : 'not'] += 1;
  }
  for (const address of ids.keys()) problems.push(`${address} was written to, and the ledger does not know.`);

  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((all, n) => all + n, 0);
  const { lastRun } = status;
  if (people.length !== expected) problems.push(`${people.length} of ${expected} people are in the report.`);
  if (lastRun === null) problems.push('There is no run.');
  else {
    const accounted = sum(lastRun.outcomes) + sum(lastRun.counts);
    if (lastRun.state !== 'done') problems.push(`The run is ${lastRun.state}.`);
    if (lastRun.people !== expected || accounted !== expected)
      problems.push(`The run read ${lastRun.people} people and accounts for ${accounted} of ${expected}.`);
    for (const [name, count] of Object.entries(lastRun.counts))
      if (count !== (statuses[name] ?? 0))
        problems.push(`${count} are counted as ${name}, ${statuses[name] ?? 0} are.`);
  }
  return { problems, statuses, uncertain, messages: received.length };
}
