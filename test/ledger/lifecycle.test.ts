import { expect, test } from 'vitest';
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
