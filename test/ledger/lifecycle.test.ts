import { expect, test } from 'vitest';
import { ledgerKeys } from '../../src/ledger/keys.js';
import { useRedis } from '../support/redis.js';
import { CAMPAIGN, LEASE, NO_REPLY, REPLY, testLedger } from './support.js';

const redis = useRedis();

test('a delivery goes from queued through sending to sent, and its run is done with numbers that add up', async () => {
  const { ledger, one } = await testLedger(redis());
  const delivery = await one();

  const claim = await ledger.claim(delivery, { token: 't1', leaseMs: LEASE });
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  expect(claim).toMatchObject({ campaign: CAMPAIGN, run: 'run-1', person: 'ada', sequence: 1, attempt: 1 });
  expect(claim.address).toBe('ada@corp.example');
  expect(claim.payload.reveal()).toContain('correct horse');
  expect(claim.firstAttempt).toBe(claim.date);
  expect(await ledger.beginBody(delivery, 't1')).toBe(true);
  expect(await ledger.record(delivery, 't1', { status: 'sent', reply: REPLY })).toBe('recorded');

  const document = await ledger.run('run-1');
  expect(document).toMatchObject({ state: 'done', people: 1, counts: { sent: 1, queued: 0, sending: 0 } });
  expect(document?.endedAt).not.toBeNull();
  expect((await ledger.history(delivery)).map(({ from, to }) => [from, to])).toEqual([
    [undefined, 'queued'],
    ['queued', 'sending'],
    ['sending', 'sent'],
  ]);
  expect(await ledger.delivery(delivery)).toMatchObject({
    status: 'sent',
    reply: REPLY,
    attempts: 1,
    sequence: 1,
  });
  expect(await ledger.counts(CAMPAIGN)).toMatchObject({ sent: 1, queued: 0 });
});

test('a worker that dies before the first body byte leaves the delivery to the next one', async () => {
  const { ledger, one } = await testLedger(redis());
  const delivery = await one();
  await ledger.claim(delivery, { token: 't1', leaseMs: 0 });
  expect(await ledger.sweep(10)).toEqual([delivery]);
  expect(await ledger.beginBody(delivery, 't1')).toBe(false);
  expect(await ledger.claim(delivery, { token: 't2', leaseMs: LEASE })).toMatchObject({
    kind: 'claimed',
    attempt: 2,
  });
});

test('a worker that dies after the first body byte leaves it uncertain, and only its own late truth changes that', async () => {
  const { ledger, one } = await testLedger(redis());
  const delivery = await one();
  await ledger.claim(delivery, { token: 't1', leaseMs: LEASE });
  await ledger.beginBody(delivery, 't1');
  await ledger.renew(delivery, 't1', 0);
  expect(await ledger.sweep(10)).toEqual([]);
  expect(await ledger.claim(delivery, { token: 't2', leaseMs: LEASE })).toEqual({
    kind: 'done',
    status: 'uncertain',
  });
  expect(await ledger.record(delivery, 't2', { status: 'sent', reply: REPLY })).toBe('refused');
  expect(await ledger.record(delivery, 't1', { status: 'deferred', notBefore: 0, reply: NO_REPLY })).toBe(
    'refused',
  );
  expect(await ledger.record(delivery, 't1', { status: 'sent', reply: REPLY })).toBe('late');
  expect(await ledger.run('run-1')).toMatchObject({ counts: { sent: 1, uncertain: 0 } });
});

test('a body does not begin once the lease is over, although nobody has taken the delivery yet', async () => {
  const { ledger, one } = await testLedger(redis());
  const delivery = await one();
  await ledger.claim(delivery, { token: 't', leaseMs: 0 });
  expect(await ledger.beginBody(delivery, 't')).toBe(false);
  expect(await ledger.sweep(10)).toEqual([delivery]);
  expect((await ledger.delivery(delivery))?.status).toBe('queued');
});

test('deliveries that are claimed together each have their own answer, and one whose row is broken keeps no other back', async () => {
  const server = redis();
  const { ledger, run, prefix } = await testLedger(server);
  const deliveries = await run(['ada', 'bob', 'carl', 'dora']);
  const [, broken = ''] = deliveries;
  await server.redis.hset(ledgerKeys(prefix).delivery(broken), 'attempts', 'many');

  const claims = await Promise.allSettled(
    [...deliveries, 'nobody'].map((delivery) => ledger.claim(delivery, { token: 't', leaseMs: LEASE })),
  );
  expect(claims.map((claim) => (claim.status === 'fulfilled' ? claim.value : claim.reason))).toMatchObject([
    { kind: 'claimed', person: 'ada', attempt: 1 },
    { code: 'ROLLCALL_ERR_INTERNAL' },
    { kind: 'claimed', person: 'carl', attempt: 1 },
    { kind: 'claimed', person: 'dora', attempt: 1 },
    { kind: 'done', status: 'unknown' },
  ]);
  const others = deliveries.filter((delivery) => delivery !== broken);
  const records = others.map((delivery) => ledger.record(delivery, 't', { status: 'sent', reply: REPLY }));
  expect(await Promise.all(records)).toEqual(['recorded', 'recorded', 'recorded']);
  expect(await ledger.counts(CAMPAIGN)).toMatchObject({ sent: 3, queued: 1 });
});
