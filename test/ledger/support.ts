import { createLedger, type Ledger } from '../../src/ledger/ledger.js';
import type { PlanEntry, PlannerLock, RunStart } from '../../src/ledger/types.js';
import { systemClock } from '../../src/lib/clock.js';
import { fixedKeyring, type Keyring } from '../../src/lib/keyring.js';
import { silentLogger } from '../../src/lib/log.js';
import { Secret } from '../../src/lib/secret.js';
import type { TestRedis } from '../support/redis.js';

export const CAMPAIGN = 'onboarding';
export const REPLY = { code: 250, enhanced: '2.0.0', text: 'Ok: queued as 4F' };
export const NO_REPLY = { code: 0, enhanced: undefined, text: 'connection lost' };
export const LEASE = 60_000;

export interface TestLedger {
  readonly ledger: Ledger;
  readonly prefix: string;
  lock(): Promise<PlannerLock>;
  /** Plans these people in a run of its own and seals it; gives their deliveries. */
  run(people: readonly string[], start?: Partial<RunStart>): Promise<string[]>;
  /** One person's delivery, planned and sealed. */
  one(person?: string, start?: Partial<RunStart>): Promise<string>;
}

export async function testLedger(
  { redis, prefix: nextPrefix }: Pick<TestRedis, 'redis' | 'prefix'>,
  { keyring = fixedKeyring(), prefix = nextPrefix() }: { keyring?: Keyring; prefix?: string } = {},
): Promise<TestLedger> {
  const ledger = await createLedger({ redis, prefix, keyring, clock: systemClock, log: silentLogger });
  let runs = 0;
  const lock = () => ledger.lock(CAMPAIGN, { holder: 'test', leaseMs: LEASE });
  const run: TestLedger['run'] = async (people, start = {}) => {
    runs += 1;
    const held = await lock();
    const id = await ledger.begin(held, { run: `run-${runs}`, trigger: 'manual', ...start });
    if (id === undefined) throw new Error('the slot was done');
    const known = await ledger.known(CAMPAIGN, people);
    const results = await ledger.plan(
      held,
      id,
      people.map((person, at) => entry(person, known[at]?.sequence ?? 0)),
    );
    await ledger.seal(held, id, totals(people.length));
    await held.release();
    return results.map((result) => ('delivery' in result ? result.delivery : ''));
  };
  return {
    ledger,
    prefix,
    lock,
    run,
    async one(person = 'ada', start = {}) {
      return (await run([person], start))[0] ?? '';
    },
  };
}

export function entry(person: string, expectedSequence = 0, more: Partial<PlanEntry> = {}): PlanEntry {
  return {
    person,
    dn: `uid=${person},ou=people,dc=corp,dc=example`,
    pattern: 'staff',
    alias: `${person}@vc.corp.example`,
    address: `${person}@corp.example`,
    revision: `r1.${person}.${expectedSequence}`,
    fingerprint: 'f',
    aliasHash: '0011223344556677',
    expectedSequence,
    payload: new Secret(JSON.stringify({ person, password: 'correct horse' })),
    ...more,
  };
}

export function totals(
  people: number,
  unchanged = 0,
  state: 'running' | 'refused' | 'interrupted' = 'running',
) {
  return { state, people, outcomes: { unchanged, skipped: 0, conflict: 0 }, skipped: {}, unchanged: {} };
}
