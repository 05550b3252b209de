import { expect, test } from 'vitest';
import { useRedis } from '../support/redis.js';
import { CAMPAIGN, entry, LEASE, NO_REPLY, testLedger, totals } from './support.js';

const redis = useRedis();
const by = { actor: 'admin', reason: 'test' };

test('only one planner holds the lock, and one that lost it can write nothing', async () => {
  const { ledger, prefix } = await testLedger(redis());
  const first = await ledger.lock(CAMPAIGN, { holder: 'host-a', leaseMs: LEASE });
  await expect(ledger.lock(CAMPAIGN, { holder: 'host-b', leaseMs: LEASE })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_LOCK_HELD',
    facts: { holder: 'host-a' },
  });
  const run = (await ledger.begin(first, { run: 'r', trigger: 'manual' })) ?? '';
  await redis().redis.del(`${prefix}:ledger:c:${CAMPAIGN}:lock`); // its lease ran out
  const second = await ledger.lock(CAMPAIGN, { holder: 'host-b', leaseMs: LEASE });
  const lost = { code: 'ROLLCALL_ERR_LOCK_LOST' };
  await expect(first.renew()).rejects.toMatchObject(lost);
  await expect(ledger.plan(first, run, [entry('ada')])).rejects.toMatchObject(lost);
  await expect(ledger.passOver(first, run, [])).resolves.toBeUndefined();
  await expect(ledger.missed(first, ['ada'])).rejects.toMatchObject(lost);
  await expect(ledger.seal(first, run, totals(0))).rejects.toMatchObject(lost);
  await first.release();
  await expect(second.renew()).resolves.toBeUndefined();
});

test('of two planners that start at once, one gets the lock', async () => {
  const { ledger } = await testLedger(redis());
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, at) => ledger.lock(CAMPAIGN, { holder: `p${at}`, leaseMs: LEASE })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('of two workers that claim at once, one gets the delivery', async () => {
  const { ledger, one } = await testLedger(redis());
  const delivery = await one();
  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, at) => ledger.claim(delivery, { token: `t${at}`, leaseMs: LEASE })),
  );
  expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
});

test('a slot whose run is sealed is done; one that was left unsealed is resumed under the same run id', async () => {
  const { ledger } = await testLedger(redis());
  const slot = 1_700_000_000_000;
  const before = await ledger.lock(CAMPAIGN, { holder: 'a', leaseMs: LEASE });
  expect(await ledger.begin(before, { run: 'r1', trigger: 'schedule', slot })).toBe('r1');
  await ledger.plan(before, 'r1', [entry('ada')]);
  expect((await ledger.run('r1'))?.state).toBe('planning');
  await before.release();
  expect((await ledger.run('r1'))?.state).toBe('interrupted');

  const after = await ledger.lock(CAMPAIGN, { holder: 'b', leaseMs: LEASE });
  expect(await ledger.begin(after, { run: 'r2', trigger: 'schedule', slot })).toBe('r1');
  expect((await ledger.known(CAMPAIGN, ['ada', 'bob']))[0]).toMatchObject({
    run: 'r1',
    sequence: 1,
    status: 'queued',
  });
  expect(await ledger.plan(after, 'r1', [entry('ada'), entry('bob')])).toMatchObject([
    { kind: 'already', sequence: 1 },
    { kind: 'planned', sequence: 1 },
  ]);
  await ledger.seal(after, 'r1', totals(2));
  expect(await ledger.begin(after, { run: 'r3', trigger: 'schedule', slot })).toBeUndefined();
  expect(await ledger.run('r1')).toMatchObject({ state: 'running', people: 2, counts: { queued: 2 } });
});

test('a resumed run that meets new data counts each person once', async () => {
  const { ledger } = await testLedger(redis());
  const slot = 1;
  const before = await ledger.lock(CAMPAIGN, { holder: 'a', leaseMs: LEASE });
  await ledger.begin(before, { run: 'r1', trigger: 'schedule', slot });
  const [old] = await ledger.plan(before, 'r1', [entry('ada')]);
  await before.release();
  const after = await ledger.lock(CAMPAIGN, { holder: 'b', leaseMs: LEASE });
  await ledger.begin(after, { run: 'r1', trigger: 'schedule', slot });
  await ledger.plan(after, 'r1', [entry('ada', 1)]);
  await ledger.seal(after, 'r1', totals(1));
  expect(await ledger.run('r1')).toMatchObject({ people: 1, counts: { queued: 1, cancelled: 0 } });
  expect(await ledger.delivery(old && 'delivery' in old ? old.delivery : '')).toMatchObject({
    status: 'cancelled',
    detail: 'superseded',
  });
});

test('somebody who comes twice in one plan is written to once', async () => {
  const { ledger, lock } = await testLedger(redis());
  const held = await lock();
  await ledger.begin(held, { run: 'r1', trigger: 'manual' });
  const again = { ...entry('ada'), alias: 'another@vc' };
  const [first, second] = await ledger.plan(held, 'r1', [entry('ada'), again]);
  expect([first?.kind, second?.kind]).toEqual(['planned', 'stale']);
  expect(await ledger.deliveriesOf(CAMPAIGN, 'ada')).toMatchObject([{ alias: entry('ada').alias }]);
  await ledger.seal(held, 'r1', totals(1));
  expect(await ledger.run('r1')).toMatchObject({ people: 1, counts: { queued: 1 } });
});

test('in a resumed run, an older delivery that is still being sent ends without being counted', async () => {
  const { ledger, lock } = await testLedger(redis());
  const held = await lock();
  await ledger.begin(held, { run: 'r1', trigger: 'manual' });
  const [old] = await ledger.plan(held, 'r1', [entry('ada')]);
  const first = old && 'delivery' in old ? old.delivery : '';
  await ledger.claim(first, { token: 't', leaseMs: LEASE });
  await ledger.beginBody(first, 't');
  await ledger.plan(held, 'r1', [entry('ada', 1)]);
  await ledger.record(first, 't', { status: 'failed', reply: NO_REPLY });
  await ledger.seal(held, 'r1', totals(1));
  expect(await ledger.run('r1')).toMatchObject({ people: 1, counts: { queued: 1, sending: 0, failed: 0 } });
});

test('a running plan that does not add up is refused, a refused one keeps its numbers', async () => {
  const { ledger, lock } = await testLedger(redis());
  const held = await lock();
  await ledger.begin(held, { run: 'r1', trigger: 'manual' });
  await ledger.plan(held, 'r1', [entry('ada')]);
  await expect(ledger.seal(held, 'r1', totals(3, 1))).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_LEDGER_SUMS',
  });
  await ledger.seal(held, 'r1', totals(3, 2));
  await expect(ledger.plan(held, 'r1', [entry('bob')])).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_RUN_CLOSED',
  });
  await ledger.begin(held, { run: 'r2', trigger: 'manual' });
  await ledger.seal(held, 'r2', { ...totals(900, 10, 'refused'), reason: 'too many' });
  expect(await ledger.run('r2')).toMatchObject({ state: 'refused', people: 900, reason: 'too many' });
  expect(await ledger.lastPeople(CAMPAIGN)).toBe(3);
  expect((await ledger.runs(CAMPAIGN, 10)).map(({ run }) => run)).toEqual(['r2', 'r1']);
});

test('two entries for one person, or one against an old number, are stale', async () => {
  const { ledger, lock, one } = await testLedger(redis());
  await one('ada');
  const held = await lock();
  await ledger.begin(held, { run: 'again', trigger: 'resend' });
  const results = await ledger.plan(held, 'again', [
    entry('ada'),
    entry('bob'),
    entry('bob'),
    entry('cy', 4),
  ]);
  expect(results.map(({ kind }) => kind)).toEqual(['stale', 'planned', 'stale', 'stale']);
});

test('while the older delivery is being sent, the newer one waits for it', async () => {
  const { ledger, run } = await testLedger(redis());
  const [first = ''] = await run(['ada']);
  await ledger.claim(first, { token: 't1', leaseMs: LEASE });
  await ledger.beginBody(first, 't1');
  const [second = ''] = await run(['ada']);
  const [third = ''] = await run(['ada']);
  expect(await ledger.delivery(second)).toMatchObject({ status: 'cancelled', detail: 'superseded' });
  expect((await ledger.claim(third, { token: 't3', leaseMs: LEASE })).kind).toBe('later');
  await ledger.record(first, 't1', { status: 'deferred', notBefore: 0, reply: NO_REPLY });
  expect(await ledger.delivery(first)).toMatchObject({ status: 'cancelled', detail: 'superseded' });
  expect((await ledger.claim(third, { token: 't3', leaseMs: LEASE })).kind).toBe('claimed');
  expect(await ledger.counts(CAMPAIGN)).toMatchObject({ sending: 1, cancelled: 0 });
  expect((await ledger.deliveriesOf(CAMPAIGN, 'ada')).map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
});

test('whoever is superseded between claim and body sends nothing', async () => {
  const { ledger, run } = await testLedger(redis());
  const [first = ''] = await run(['ada']);
  await ledger.claim(first, { token: 't1', leaseMs: LEASE });
  await run(['ada']);
  expect(await ledger.beginBody(first, 't1')).toBe(false);
  expect(await ledger.delivery(first)).toMatchObject({ status: 'cancelled', detail: 'superseded' });
});

test('a person is gone after two complete reads without them, and back with the first that has them', async () => {
  const { ledger, lock, run } = await testLedger(redis());
  const [delivery = ''] = await run(['ada', 'bob']);
  const first = await lock();
  await ledger.missed(first, ['ada']);
  await ledger.missed(first, ['ada']); // the same read, asked twice
  await first.release();
  expect((await ledger.delivery(delivery))?.status).toBe('queued');
  expect(await ledger.missing(CAMPAIGN)).toEqual(new Set(['ada']));
  expect(await ledger.population(CAMPAIGN)).toBe(2);

  const second = await lock();
  await ledger.missed(second, ['ada']);
  expect(await ledger.delivery(delivery)).toMatchObject({ status: 'cancelled', detail: 'gone' });
  expect(await ledger.population(CAMPAIGN)).toBe(1);
  await ledger.found(second, ['ada']);
  expect(await ledger.population(CAMPAIGN)).toBe(2);
  expect(await ledger.missing(CAMPAIGN)).toEqual(new Set());
  const everybody: string[] = [];
  for await (const page of ledger.people(CAMPAIGN)) everybody.push(...page);
  expect(everybody.sort()).toEqual(['ada', 'bob']);
});

test('new hashes are remembered without touching the delivery, and those passed over are listed', async () => {
  const { ledger, lock, one } = await testLedger(redis());
  await one('ada');
  const held = await lock();
  await ledger.begin(held, { run: 'r2', trigger: 'manual' });
  await ledger.remember(held, [{ person: 'ada', revision: 'new', fingerprint: 'g', aliasHash: 'aa' }]);
  await ledger.passOver(held, 'r2', [
    { person: 'bob', dn: 'uid=bob', outcome: 'conflict', reason: 'alias', code: 'X', cancel: 'conflict' },
  ]);
  expect((await ledger.known(CAMPAIGN, ['ada', 'bob']))[0]).toMatchObject({
    revision: 'new',
    fingerprint: 'g',
    aliasHash: 'aa',
    address: 'ada@corp.example',
    sequence: 1,
  });
  const passed = [];
  for await (const page of ledger.passedOver('r2')) passed.push(...page);
  expect(passed).toEqual([{ person: 'bob', dn: 'uid=bob', outcome: 'conflict', reason: 'alias', code: 'X' }]);
});

test('a cancelled run takes no more, and its slot is done', async () => {
  const { ledger, lock } = await testLedger(redis());
  const held = await lock();
  await ledger.begin(held, { run: 'r1', trigger: 'schedule', slot: 7 });
  await ledger.plan(held, 'r1', [entry('ada')]);
  expect(await ledger.cancel({ campaign: CAMPAIGN, run: 'r1' }, by)).toBe(1);
  await expect(ledger.plan(held, 'r1', [entry('bob')])).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_RUN_CLOSED',
  });
  expect(await ledger.begin(held, { run: 'r2', trigger: 'schedule', slot: 7 })).toBeUndefined();
  expect(await ledger.run('r1')).toMatchObject({ state: 'cancelled', reason: 'test' });
  await expect(ledger.cancel({ campaign: CAMPAIGN, run: 'none' }, by)).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_UNKNOWN_RUN',
  });
});

test('a thousand people are planned in their order', async () => {
  const { run, ledger } = await testLedger(redis());
  const people = Array.from({ length: 1000 }, (_, at) => `p${at}`);
  const deliveries = await run(people);
  expect(new Set(deliveries).size).toBe(1000);
  expect(await ledger.delivery(deliveries[777] ?? '')).toMatchObject({ person: 'p777' });
  const open = new Set<string>();
  for await (const page of ledger.open()) for (const { delivery } of page) open.add(delivery);
  expect(open).toEqual(new Set(deliveries));
  const rows = [];
  for await (const page of ledger.deliveries({ campaign: CAMPAIGN, run: 'run-1' })) rows.push(...page);
  expect(rows.map(({ delivery }) => delivery)).toEqual(deliveries);
});
