/**
 * Every key of the ledger, in one place. All begin with `<prefix>:ledger`, so that the queue's and the throttles' keys,
 * which can be thrown away, are never mixed up with what cannot. `docs/reference/ledger.md` says the same in prose.
 *
 * | key | type | holds |
 * |---|---|---|
 * | `meta` | hash | id, epoch, key (its id), version of this layout, changes, created, importing |
 * | `campaigns` | set | names |
 * | `c:<campaign>` | hash | fence, lastPeople, pausedAt, pausedBy, pausedReason, pausedTotal |
 * | `c:<campaign>:lock` | string with expiry | the planner's token and holder |
 * | `c:<campaign>:people` | hash | person → last delivery, sequence, revision, fingerprint, alias hash, address |
 * | `c:<campaign>:n` | hash | status → how many people whose last delivery has it |
 * | `c:<campaign>:missing` | hash | person → lock under which a complete read was without them |
 * | `c:<campaign>:gone` | hash | person → since when |
 * | `c:<campaign>:runs` | sorted set | run by its start |
 * | `c:<campaign>:slots` | hash | scheduled instant → run |
 * | `run:<run>` | hash | what the run is, its outcomes, its counters (`n:<status>`), its pause, its canary |
 * | `run:<run>:deliveries` | list | its deliveries, as planned |
 * | `run:<run>:parked` | set | its deliveries that wait for an admin or the canary |
 * | `run:<run>:passed` | hash | person → why they got no delivery |
 * | `d:<delivery>` | hash | status, token, lease, attempts, reply, and the history (`#1`, `#2`, …) |
 * | `i:<delivery>` | string | DN, pattern, alias, revision |
 * | `p:<delivery>` | string | the sealed payload, while the delivery is open |
 * | `open` | sorted set | deliveries that wait and are not parked, by their earliest time |
 * | `leases` | sorted set | deliveries being sent, by the end of their lease |
 * | `unpark` | set | runs whose parked deliveries were let go |
 * | `suppressed` | hash | folded address → who, why, since |
 * | `bounced:<day>` | string with expiry | hard bounces of a day since 1970 that were to suppress an address |
 */
export function ledgerKeys(prefix: string) {
  const root = `${prefix}:ledger`;
  const campaign = (name: string) => `${root}:c:${name}`;
  const run = (id: string) => `${root}:run:${id}`;
  return {
    root,
    meta: `${root}:meta`,
    campaigns: `${root}:campaigns`,
    open: `${root}:open`,
    leases: `${root}:leases`,
    suppressed: `${root}:suppressed`,
    campaign,
    lock: (name: string) => `${campaign(name)}:lock`,
    people: (name: string) => `${campaign(name)}:people`,
    counts: (name: string) => `${campaign(name)}:n`,
    missing: (name: string) => `${campaign(name)}:missing`,
    gone: (name: string) => `${campaign(name)}:gone`,
    runs: (name: string) => `${campaign(name)}:runs`,
    slots: (name: string) => `${campaign(name)}:slots`,
    run,
    deliveries: (id: string) => `${run(id)}:deliveries`,
    parked: (id: string) => `${run(id)}:parked`,
    passed: (id: string) => `${run(id)}:passed`,
    delivery: (id: string) => `${root}:d:${id}`,
    facts: (id: string) => `${root}:i:${id}`,
    payload: (id: string) => `${root}:p:${id}`,
  };
}

export type LedgerKeys = ReturnType<typeof ledgerKeys>;
