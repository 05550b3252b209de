import { expect, test } from 'vitest';
import type { DeliveryResult } from '../../src/ledger/types.js';
import { useRedis } from '../support/redis.js';
import { CAMPAIGN, LEASE, NO_REPLY, REPLY, type TestLedger, testLedger } from './support.js';

const redis = useRedis();
const by = { actor: 'admin', reason: 'test' };
const SENT: DeliveryResult = { status: 'sent', reply: REPLY };
const FAILED: DeliveryResult = { status: 'failed', reply: NO_REPLY };

async function deliver({ ledger }: TestLedger, delivery: string, result: DeliveryResult): Promise<void> {
  await ledger.claim(delivery, { token: delivery, leaseMs: LEASE });
  await ledger.beginBody(delivery, delivery);
  await ledger.record(delivery, delivery, result);
}

test('a pause parks what is claimed, and resuming gives it back for jobs', async () => {
  const on = await testLedger(redis());
  const deliveries = await on.run(['ada', 'bob']);
  const [ada = ''] = deliveries;
  await on.ledger.pause({ campaign: CAMPAIGN }, by);
  await on.ledger.pause({ campaign: CAMPAIGN }, { actor: 'other', reason: 'too' });
  expect(await on.ledger.paused(CAMPAIGN)).toMatchObject({ by: 'admin', reason: 'test' });
  expect(await on.ledger.claim(ada, { token: 't', leaseMs: LEASE })).toEqual({
    kind: 'parked',
    why: 'paused',
  });
  expect((await on.ledger.run('run-1'))?.state).toBe('paused');
  expect(await on.ledger.resume({ campaign: CAMPAIGN }, by)).toEqual([ada]);
  expect(await on.ledger.paused(CAMPAIGN)).toBeUndefined();
  expect((await on.ledger.claim(ada, { token: 't', leaseMs: LEASE })).kind).toBe('claimed');
});

test('a paused run holds its own deliveries and no others', async () => {
  const on = await testLedger(redis());
  const [ada = ''] = await on.run(['ada']);
  const [bob = ''] = await on.run(['bob']);
  await on.ledger.pause({ campaign: CAMPAIGN, run: 'run-1' }, by);
  expect((await on.ledger.claim(ada, { token: 't', leaseMs: LEASE })).kind).toBe('parked');
  expect((await on.ledger.claim(bob, { token: 't', leaseMs: LEASE })).kind).toBe('claimed');
  expect(await on.ledger.resume({ campaign: CAMPAIGN, run: 'run-1' }, by)).toEqual([ada]);
  await expect(on.ledger.pause({ campaign: CAMPAIGN, run: 'none' }, by)).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_UNKNOWN_RUN',
  });
});

test('paused time, of the campaign or the run, moves the first attempt and is not counted twice', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one();
  await deliver(on, delivery, { status: 'deferred', notBefore: 0, reply: NO_REPLY });
  const root = `${on.prefix}:ledger`;
  // Paused an hour ago, as far as Redis knows: the run ten minutes later.
  await on.ledger.pause({ campaign: CAMPAIGN }, by);
  await on.ledger.pause({ campaign: CAMPAIGN, run: 'run-1' }, by);
  const now = Date.now();
  await redis().redis.hset(`${root}:c:${CAMPAIGN}`, 'pausedAt', now - 3_600_000);
  await redis().redis.hset(`${root}:run:run-1`, 'pausedAt', now - 3_000_000, 'pausedBase', 600_000);
  await on.ledger.resume({ campaign: CAMPAIGN }, by);
  const claim = await on.ledger.claim(delivery, { token: 't', leaseMs: LEASE });
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const moved = claim.firstAttempt - claim.date;
  expect(moved).toBeGreaterThanOrEqual(3_600_000);
  expect(moved).toBeLessThan(3_660_000);
});

test('what the relay gives back unsent uses up no attempt, and expiry counts from the next one', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one();
  await deliver(on, delivery, { status: 'queued', notBefore: 0, reason: 'relay down' });
  expect(await on.ledger.delivery(delivery)).toMatchObject({ status: 'queued', attempts: 0 });
  const later = Date.now() + 60_000;
  await deliver(on, delivery, { status: 'deferred', notBefore: later, reply: NO_REPLY });
  const claim = await on.ledger.claim(delivery, { token: 'x', leaseMs: LEASE });
  if (claim.kind !== 'later') throw new Error(claim.kind);
  // The ledger is told how long to wait, since its clock is Redis's: some milliseconds pass on the way.
  expect(claim.at).toBeGreaterThanOrEqual(later);
  expect(claim.at).toBeLessThan(later + 30_000);
  const row = await on.ledger.delivery(delivery);
  expect(row).toMatchObject({ status: 'deferred', attempts: 1, notBefore: claim.at });
});

test('the canary goes alone, and lets the others go once all of it is sent', async () => {
  const on = await testLedger(redis());
  const [a = '', b = '', c = '', d = ''] = await on.run(['a', 'b', 'c', 'd'], { canary: 2 });
  expect(await on.ledger.claim(c, { token: 't', leaseMs: LEASE })).toEqual({ kind: 'parked', why: 'canary' });
  expect(await on.ledger.claim(d, { token: 't', leaseMs: LEASE })).toEqual({ kind: 'parked', why: 'canary' });
  await deliver(on, a, SENT);
  expect(await on.ledger.sweep(10)).toEqual([]);
  await deliver(on, b, SENT);
  const first = await on.ledger.sweep(1);
  expect([...first, ...(await on.ledger.sweep(10))].sort()).toEqual([c, d].sort());
  expect((await on.ledger.claim(c, { token: 't', leaseMs: LEASE })).kind).toBe('claimed');
});

test('a canary that fails pauses the campaign until an admin resumes it', async () => {
  const on = await testLedger(redis());
  const [a = '', b = ''] = await on.run(['a', 'b'], { canary: 1 });
  await deliver(on, a, FAILED);
  expect(await on.ledger.paused(CAMPAIGN)).toMatchObject({ by: 'rollcall' });
  expect((await on.ledger.claim(b, { token: 't', leaseMs: LEASE })).kind).toBe('parked');
  expect(await on.ledger.resume({ campaign: CAMPAIGN }, by)).toEqual([b]);
  expect((await on.ledger.claim(b, { token: 't', leaseMs: LEASE })).kind).toBe('claimed');
});

test('more failures than maxFailed pause the campaign after twenty, and again after twenty more', async () => {
  const on = await testLedger(redis());
  const deliveries = await on.run(
    Array.from({ length: 45 }, (_, at) => `p${at}`),
    { maxFailed: 0.05 },
  );
  for (const delivery of deliveries.slice(0, 19)) await deliver(on, delivery, FAILED);
  expect(await on.ledger.paused(CAMPAIGN)).toBeUndefined();
  await deliver(on, deliveries[19] ?? '', FAILED);
  expect((await on.ledger.paused(CAMPAIGN))?.reason).toContain('20 of 20');
  await on.ledger.resume({ campaign: CAMPAIGN }, by);
  for (const delivery of deliveries.slice(20, 39)) await deliver(on, delivery, SENT);
  await deliver(on, deliveries[39] ?? '', FAILED);
  expect(await on.ledger.paused(CAMPAIGN)).toBeUndefined(); // one of twenty is five per cent, and no more
  await deliver(on, deliveries[40] ?? '', FAILED);
  expect((await on.ledger.paused(CAMPAIGN))?.reason).toContain('2 of 21');
});

test('with "resend", an uncertain delivery goes once more and then stays uncertain', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one('ada', { uncertain: 'resend', resendAfterMs: 0 });
  await deliver(on, delivery, { status: 'uncertain', reply: NO_REPLY });
  expect((await on.ledger.delivery(delivery))?.status).toBe('queued');
  const claim = await on.ledger.claim(delivery, { token: 't2', leaseMs: LEASE });
  expect(claim).toMatchObject({ kind: 'claimed', resentAfterDoubt: 1 });
  await on.ledger.record(delivery, 't2', { status: 'failed', reply: NO_REPLY });
  // The second copy failed; whether the first arrived is still not known.
  expect((await on.ledger.delivery(delivery))?.status).toBe('uncertain');
  expect(await on.ledger.record(delivery, 't2', { status: 'sent', reply: REPLY })).toBe('late');
});

test('late truth from the first owner stops the second copy', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one('ada', { uncertain: 'resend', resendAfterMs: 60_000 });
  await deliver(on, delivery, { status: 'uncertain', reply: NO_REPLY });
  expect((await on.ledger.claim(delivery, { token: 't2', leaseMs: LEASE })).kind).toBe('later');
  expect(await on.ledger.record(delivery, delivery, SENT)).toBe('late');
  expect(await on.ledger.claim(delivery, { token: 't2', leaseMs: LEASE })).toEqual({
    kind: 'done',
    status: 'sent',
  });
});

test('what is cancelled after a doubt is not called cancelled, since it may have arrived', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one('ada', { uncertain: 'resend', resendAfterMs: 60_000 });
  await deliver(on, delivery, { status: 'uncertain', reply: NO_REPLY });
  await on.ledger.cancel({ campaign: CAMPAIGN }, by);
  expect((await on.ledger.delivery(delivery))?.status).toBe('uncertain');
});

test('a DSN that is faster than the answer is applied with it', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one();
  await on.ledger.claim(delivery, { token: 't', leaseMs: LEASE });
  await on.ledger.beginBody(delivery, 't');
  const report = { action: 'failed' as const, status: '5.1.1', diagnostic: 'unknown', at: 1, hard: true };
  expect(await on.ledger.applyReport(delivery, report)).toEqual({ taken: 'noted', suppression: 'none' });
  await on.ledger.record(delivery, 't', SENT);
  expect((await on.ledger.delivery(delivery))?.status).toBe('bounced');
  expect(await on.ledger.counts(CAMPAIGN)).toMatchObject({ bounced: 1, sent: 0 });
});

test('a DSN that came while the answer was lost settles the doubt', async () => {
  const on = await testLedger(redis());
  const [ada = '', bob = ''] = await on.run(['ada', 'bob'], { uncertain: 'resend', resendAfterMs: 60_000 });
  for (const delivery of [ada, bob]) {
    await on.ledger.claim(delivery, { token: delivery, leaseMs: LEASE });
    await on.ledger.beginBody(delivery, delivery);
  }
  const report = { status: '2.0.0', diagnostic: '', at: 1, hard: false };
  await on.ledger.applyReport(ada, { ...report, action: 'delivered' });
  await on.ledger.record(ada, ada, { status: 'uncertain', reply: NO_REPLY });
  await on.ledger.applyReport(bob, { ...report, action: 'relayed' });
  await on.ledger.renew(bob, bob, 0); // its worker is gone
  expect(await on.ledger.sweep(10)).toEqual([]);
  expect((await on.ledger.delivery(ada))?.status).toBe('delivered');
  expect((await on.ledger.delivery(bob))?.status).toBe('sent');
});

test('a DSN is taken once; its suppression with it, within the limit of a day', async () => {
  const on = await testLedger(redis());
  const [ada = '', bob = ''] = await on.run(['ada', 'bob']);
  for (const delivery of [ada, bob]) await deliver(on, delivery, SENT);
  const suppress = (address: string) => ({ address, reason: 'DSN', since: 1, by: 'rollcall', maxPerDay: 1 });
  const take = (delivery: string, address: string) =>
    on.ledger.applyReport(delivery, {
      action: 'failed',
      status: '5.1.1',
      diagnostic: 'unknown',
      at: 1,
      hard: true,
      suppress: suppress(address),
    });
  const address = 'ada@corp.example';
  expect(await take(ada, address)).toEqual({ taken: 'applied', suppression: 'new' });
  const lines = (await on.ledger.history(ada)).length;
  expect(await take(ada, address)).toEqual({ taken: 'known', suppression: 'none' });
  // an admin has lifted it: the same message, read again, does not bring it back
  expect(await on.ledger.unsuppress(address)).toBe(true);
  expect(await take(ada, address)).toEqual({ taken: 'known', suppression: 'none' });
  expect(await on.ledger.history(ada)).toHaveLength(lines);
  expect(await take(bob, 'bob@corp.example')).toEqual({ taken: 'applied', suppression: 'held' });
  expect(await on.ledger.suppressed()).toEqual(new Set());
});

test('cancelling a campaign drops what waits, parked or not, and leaves what is over', async () => {
  const on = await testLedger(redis());
  const [a = '', b = '', c = ''] = await on.run(['a', 'b', 'c']);
  await deliver(on, a, SENT);
  await on.ledger.pause({ campaign: CAMPAIGN }, by);
  await on.ledger.claim(b, { token: 't', leaseMs: LEASE });
  expect(await on.ledger.cancel({ campaign: CAMPAIGN }, by)).toBe(2);
  expect(await on.ledger.resume({ campaign: CAMPAIGN }, by)).toEqual([]);
  expect(await on.ledger.run('run-1')).toMatchObject({
    state: 'cancelled',
    counts: { sent: 1, cancelled: 2 },
  });
  expect((await on.ledger.delivery(c))?.detail).toBe('admin');
  expect(await on.ledger.cancel({ campaign: CAMPAIGN }, by)).toBe(0);
});

test('a suppression holds for any spelling of the address, keeps its first reason, and can be lifted', async () => {
  const { ledger } = await testLedger(redis());
  await ledger.suppress({ address: 'Ada@Corp.example', reason: 'bounce', since: 1, by: 'rollcall' });
  await ledger.suppress({ address: 'ada@corp.example', reason: 'again', since: 2, by: 'admin' });
  expect(await ledger.suppressed()).toEqual(new Set(['ada@corp.example']));
  const all = [];
  for await (const page of ledger.suppressions()) all.push(...page);
  expect(all).toEqual([{ address: 'Ada@Corp.example', reason: 'bounce', since: 1, by: 'rollcall' }]);
  expect(await ledger.unsuppress('ADA@CORP.EXAMPLE')).toBe(true);
  expect(await ledger.unsuppress('ada@corp.example')).toBe(false);
});

test('once a run is marked as cancelled, nothing of it is claimed, even before its pages were walked', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one();
  await redis().redis.hset(`${on.prefix}:ledger:run:run-1`, 'cancelled', 1);
  expect(await on.ledger.claim(delivery, { token: 't', leaseMs: LEASE })).toEqual({
    kind: 'done',
    status: 'cancelled',
  });
});

test('what is being sent when its run is cancelled is cancelled as soon as it comes back unsent', async () => {
  const on = await testLedger(redis());
  const delivery = await on.one();
  await on.ledger.claim(delivery, { token: 't', leaseMs: LEASE });
  await on.ledger.beginBody(delivery, 't');
  expect(await on.ledger.cancel({ campaign: CAMPAIGN }, by)).toBe(0);
  await on.ledger.record(delivery, 't', { status: 'deferred', notBefore: 0, reply: NO_REPLY });
  expect(await on.ledger.delivery(delivery)).toMatchObject({ status: 'cancelled', detail: 'admin' });
});
