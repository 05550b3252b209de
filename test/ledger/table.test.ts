import { describe, expect, test } from 'vitest';
import type { DeliveryReport, DeliveryResult } from '../../src/ledger/types.js';
import { useRedis } from '../support/redis.js';
import { CAMPAIGN, entry, LEASE, NO_REPLY, REPLY, type TestLedger, testLedger } from './support.js';

const redis = useRedis();

const OWNER = 'owner';
const by = { actor: 'admin', reason: 'test' };

async function finished(on: TestLedger, result: DeliveryResult): Promise<string> {
  const delivery = await on.one();
  await on.ledger.claim(delivery, { token: OWNER, leaseMs: LEASE });
  await on.ledger.beginBody(delivery, OWNER);
  await on.ledger.record(delivery, OWNER, result);
  return delivery;
}

const report = (action: DeliveryReport['action']): DeliveryReport => {
  return { action, status: '5.1.1', diagnostic: 'no such user', at: 1_700_000_000_000, hard: true };
};

/** How a delivery comes into each status; `sending` has two phases. */
const states: Record<string, (on: TestLedger) => Promise<string>> = {
  queued: (on) => on.one(),
  claimed: async (on) => {
    const delivery = await on.one();
    await on.ledger.claim(delivery, { token: OWNER, leaseMs: LEASE });
    return delivery;
  },
  body: async (on) => {
    const delivery = await on.one();
    await on.ledger.claim(delivery, { token: OWNER, leaseMs: LEASE });
    await on.ledger.beginBody(delivery, OWNER);
    return delivery;
  },
  deferred: (on) => finished(on, { status: 'deferred', notBefore: 0, reply: NO_REPLY }),
  sent: (on) => finished(on, { status: 'sent', reply: REPLY }),
  failed: (on) => finished(on, { status: 'failed', reply: NO_REPLY }),
  uncertain: (on) => finished(on, { status: 'uncertain', reply: NO_REPLY }),
  expired: (on) => finished(on, { status: 'expired', reply: NO_REPLY }),
  suppressed: (on) => finished(on, { status: 'suppressed', reply: NO_REPLY }),
  delivered: async (on) => {
    const delivery = await finished(on, { status: 'sent', reply: REPLY });
    await on.ledger.applyReport(delivery, report('delivered'));
    return delivery;
  },
  bounced: async (on) => {
    const delivery = await finished(on, { status: 'sent', reply: REPLY });
    await on.ledger.applyReport(delivery, report('failed'));
    return delivery;
  },
  cancelled: async (on) => {
    const delivery = await on.one();
    await on.ledger.cancel({ campaign: CAMPAIGN }, by);
    return delivery;
  },
};

const stateNames = Object.keys(states);

type Operation = (on: TestLedger, delivery: string) => Promise<unknown>;
const record =
  (result: DeliveryResult, token = OWNER): Operation =>
  (on, delivery) =>
    on.ledger.record(delivery, token, result);

const operations: Record<string, Operation> = {
  'claim by another': async (on, delivery) =>
    (await on.ledger.claim(delivery, { token: 'other', leaseMs: LEASE })).kind,
  'claim after the lease': async (on, delivery) => {
    await on.ledger.renew(delivery, OWNER, 0);
    return (await on.ledger.claim(delivery, { token: 'other', leaseMs: LEASE })).kind;
  },
  'begin by the owner': (on, delivery) => on.ledger.beginBody(delivery, OWNER),
  'begin by another': (on, delivery) => on.ledger.beginBody(delivery, 'other'),
  'renew by another': (on, delivery) => on.ledger.renew(delivery, 'other', LEASE),
  'sweep after the lease': async (on, delivery) => {
    await on.ledger.renew(delivery, OWNER, 0);
    return (await on.ledger.sweep(10)).length;
  },
  'sent by the owner': record({ status: 'sent', reply: REPLY }),
  'sent by another': record({ status: 'sent', reply: REPLY }, 'other'),
  'failed by the owner': record({ status: 'failed', reply: NO_REPLY }),
  'deferred by the owner': record({ status: 'deferred', notBefore: 0, reply: NO_REPLY }),
  'put back by the owner': record({ status: 'queued', notBefore: 0, reason: 'relay down' }),
  'uncertain by the owner': record({ status: 'uncertain', reply: NO_REPLY }),
  'expired by the owner': record({ status: 'expired', reply: NO_REPLY }),
  'DSN failed': async (on, delivery) => (await on.ledger.applyReport(delivery, report('failed'))).taken,
  'DSN delivered': async (on, delivery) => (await on.ledger.applyReport(delivery, report('delivered'))).taken,
  'DSN relayed': async (on, delivery) => (await on.ledger.applyReport(delivery, report('relayed'))).taken,
  'DSN delayed': async (on, delivery) => (await on.ledger.applyReport(delivery, report('delayed'))).taken,
  cancel: (on) => on.ledger.cancel({ campaign: CAMPAIGN }, by),
  'pass over': async (on) => {
    const lock = await on.lock();
    const run = (await on.ledger.begin(lock, { run: 'passing', trigger: 'manual' })) ?? '';
    const person = { person: 'ada', dn: 'uid=ada', outcome: 'skipped' as const, reason: 'disabled' };
    await on.ledger.passOver(lock, run, [{ ...person, cancel: 'disabled' }]);
  },
  supersede: async (on) => {
    const lock = await on.lock();
    const run = (await on.ledger.begin(lock, { run: 'newer', trigger: 'manual' })) ?? '';
    return (await on.ledger.plan(lock, run, [entry('ada', 1)]))[0]?.kind;
  },
  'suppress and claim': async (on, delivery) => {
    await on.ledger.suppress({ address: 'ADA@corp.example', reason: 'test', since: 1, by: 'admin' });
    return (await on.ledger.claim(delivery, { token: 'other', leaseMs: LEASE })).kind;
  },
  'pause and claim': async (on, delivery) => {
    await on.ledger.pause({ campaign: CAMPAIGN }, by);
    return (await on.ledger.claim(delivery, { token: 'other', leaseMs: LEASE })).kind;
  },
  'pause and begin': async (on, delivery) => {
    await on.ledger.pause({ campaign: CAMPAIGN }, by);
    return on.ledger.beginBody(delivery, OWNER);
  },
};

/**
 * What each operation answers and what the delivery then is. Where a cell is not given, the operation gives the answer of
 * `otherwise` and the status stays as it was.
 */
const table: Record<string, { otherwise: unknown; cells: Record<string, readonly [unknown, string]> }> = {
  'claim by another': {
    otherwise: 'done',
    cells: {
      queued: ['claimed', 'sending'],
      deferred: ['claimed', 'sending'],
      claimed: ['later', 'sending'],
      body: ['later', 'sending'],
    },
  },
  'claim after the lease': {
    otherwise: 'done',
    cells: {
      queued: ['claimed', 'sending'],
      deferred: ['claimed', 'sending'],
      claimed: ['claimed', 'sending'],
      body: ['done', 'uncertain'],
    },
  },
  'begin by the owner': { otherwise: false, cells: { claimed: [true, 'sending'], body: [true, 'sending'] } },
  'begin by another': { otherwise: false, cells: {} },
  'renew by another': { otherwise: false, cells: {} },
  'sweep after the lease': { otherwise: 0, cells: { claimed: [1, 'queued'], body: [0, 'uncertain'] } },
  'sent by the owner': {
    otherwise: 'refused',
    cells: {
      claimed: ['recorded', 'sent'],
      body: ['recorded', 'sent'],
      sent: ['recorded', 'sent'],
      delivered: ['recorded', 'delivered'],
      bounced: ['recorded', 'bounced'],
      uncertain: ['late', 'sent'],
    },
  },
  'sent by another': { otherwise: 'refused', cells: {} },
  'failed by the owner': {
    otherwise: 'refused',
    cells: {
      claimed: ['recorded', 'failed'],
      body: ['recorded', 'failed'],
      failed: ['recorded', 'failed'],
      uncertain: ['late', 'failed'],
    },
  },
  'deferred by the owner': {
    otherwise: 'refused',
    cells: {
      claimed: ['recorded', 'deferred'],
      body: ['recorded', 'deferred'],
      deferred: ['recorded', 'deferred'],
    },
  },
  'put back by the owner': {
    otherwise: 'refused',
    cells: { claimed: ['recorded', 'queued'], body: ['recorded', 'queued'] },
  },
  'uncertain by the owner': {
    otherwise: 'refused',
    cells: {
      claimed: ['recorded', 'uncertain'],
      body: ['recorded', 'uncertain'],
      uncertain: ['recorded', 'uncertain'],
    },
  },
  'expired by the owner': {
    otherwise: 'refused',
    cells: {
      claimed: ['recorded', 'expired'],
      body: ['recorded', 'expired'],
      expired: ['recorded', 'expired'],
    },
  },
  'DSN failed': {
    otherwise: 'ignored',
    cells: {
      body: ['noted', 'sending'],
      sent: ['applied', 'bounced'],
      uncertain: ['applied', 'bounced'],
      delivered: ['noted', 'delivered'],
      bounced: ['known', 'bounced'],
    },
  },
  'DSN delivered': {
    otherwise: 'ignored',
    cells: {
      body: ['noted', 'sending'],
      sent: ['applied', 'delivered'],
      uncertain: ['applied', 'delivered'],
      delivered: ['known', 'delivered'],
      bounced: ['noted', 'bounced'],
    },
  },
  'DSN relayed': {
    otherwise: 'ignored',
    cells: {
      body: ['noted', 'sending'],
      sent: ['noted', 'sent'],
      uncertain: ['applied', 'sent'],
      delivered: ['noted', 'delivered'],
      bounced: ['noted', 'bounced'],
    },
  },
  'DSN delayed': {
    otherwise: 'ignored',
    cells: {
      body: ['noted', 'sending'],
      sent: ['noted', 'sent'],
      uncertain: ['applied', 'sent'],
      delivered: ['noted', 'delivered'],
      bounced: ['noted', 'bounced'],
    },
  },
  cancel: { otherwise: 0, cells: { queued: [1, 'cancelled'], deferred: [1, 'cancelled'] } },
  'pass over': {
    otherwise: undefined,
    cells: { queued: [undefined, 'cancelled'], deferred: [undefined, 'cancelled'] },
  },
  supersede: {
    otherwise: 'planned',
    cells: { queued: ['planned', 'cancelled'], deferred: ['planned', 'cancelled'] },
  },
  'suppress and claim': {
    otherwise: 'done',
    cells: {
      queued: ['done', 'suppressed'],
      deferred: ['done', 'suppressed'],
      claimed: ['later', 'sending'],
      body: ['later', 'sending'],
    },
  },
  'pause and claim': {
    otherwise: 'done',
    cells: {
      queued: ['parked', 'queued'],
      deferred: ['parked', 'deferred'],
      claimed: ['later', 'sending'],
      body: ['later', 'sending'],
    },
  },
  'pause and begin': { otherwise: false, cells: { claimed: [false, 'queued'], body: [true, 'sending'] } },
};

const statusOf = (state: string) => (state === 'claimed' || state === 'body' ? 'sending' : state);

describe.each(Object.keys(operations))('the operation "%s"', (name) => {
  test.each(stateNames)('on a delivery that is %s does what the table says', async (state) => {
    const on = await testLedger(redis());
    const delivery = await states[state]?.(on);
    if (delivery === undefined) throw new Error(state);

    const answer = await operations[name]?.(on, delivery);
    const row = await on.ledger.delivery(delivery);
    const { otherwise, cells } = table[name] ?? { otherwise: 'no row', cells: {} };
    expect([answer, row?.status]).toEqual(cells[state] ?? [otherwise, statusOf(state)]);
    await expectSums(on, delivery);
  });
});

/** Counters agree with the rows, and nothing final keeps its payload. */
async function expectSums(on: TestLedger, delivery: string): Promise<void> {
  const status = (await on.ledger.delivery(delivery))?.status ?? 'sent';
  const run = await on.ledger.run('run-1');
  expect(run?.counts[status]).toBe(1);
  expect(Object.values(run?.counts ?? {}).reduce((sum, count) => sum + count)).toBe(1);
  const latest = await on.ledger.counts(CAMPAIGN);
  expect(Object.values(latest).reduce((sum, count) => sum + count)).toBe(1);
  const isOpen = ['queued', 'sending', 'deferred'].includes(status);
  expect(await redis().redis.exists(`${on.prefix}:ledger:p:${delivery}`)).toBe(isOpen ? 1 : 0);
}

test('an unknown delivery is done for a claim, refused for a record, and unknown to a report', async () => {
  const { ledger } = await testLedger(redis());
  expect(await ledger.claim('nobody', { token: 't', leaseMs: LEASE })).toEqual({
    kind: 'done',
    status: 'unknown',
  });
  expect(await ledger.record('nobody', 't', { status: 'sent', reply: REPLY })).toBe('refused');
  expect(await ledger.applyReport('nobody', report('failed'))).toMatchObject({ taken: 'unknown' });
  expect(await ledger.delivery('nobody')).toBeUndefined();
});
