import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeliveryResult } from '../../src/ledger/types.js';
import { emptyCounts } from '../../src/model/status.js';
import { useRedis } from '../support/redis.js';
import * as reference from './reference-model.js';
import { CAMPAIGN, entry, LEASE, NO_REPLY, REPLY, type TestLedger, testLedger } from './support.js';

const redis = useRedis();
const by = { actor: 'admin', reason: 'model' };
const PEOPLE = ['ada', 'bob'];

const results: Record<reference.Said, DeliveryResult> = {
  sent: { status: 'sent', reply: REPLY },
  failed: { status: 'failed', reply: NO_REPLY },
  deferred: { status: 'deferred', notBefore: 0, reply: NO_REPLY },
  queued: { status: 'queued', notBefore: 0, reason: 'relay down' },
  uncertain: { status: 'uncertain', reply: NO_REPLY },
};

const which = fc.nat(5);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('plan' as const), person: fc.constantFrom(...PEOPLE) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('claim' as const), which }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('begin' as const), which, formerOwner: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      which,
      formerOwner: fc.boolean(),
      said: fc.constantFrom<reference.Said[]>('sent', 'failed', 'deferred', 'queued', 'uncertain'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crash' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      which,
      verdict: fc.constantFrom('bounced' as const, 'delivered' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('suppress' as const, 'unsuppress' as const),
      person: fc.constantFrom(...PEOPLE),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The ledger and the model, side by side. */
interface Pair {
  readonly on: TestLedger;
  readonly model: reference.Model;
  readonly ids: string[];
  /** Every token that ever claimed a delivery, the last one last. */
  readonly tokens: Map<string, string[]>;
}

async function take(pair: Pair, step: Step): Promise<void> {
  const { on, model, ids, tokens } = pair;
  const { ledger } = on;
  if (step.do === 'plan') {
    const sequence = model.deliveries.filter(({ person }) => person === step.person).length;
    const lock = await on.lock();
    const run = (await ledger.begin(lock, { run: `m${ids.length}`, trigger: 'resend' })) ?? '';
    const [planned] = await ledger.plan(lock, run, [entry(step.person, sequence)]);
    await ledger.seal(lock, run, {
      state: 'running',
      people: 1,
      outcomes: { unchanged: 0, skipped: 0, conflict: 0 },
      skipped: {},
      unchanged: {},
    });
    await lock.release();
    if (planned?.kind !== 'planned') throw new Error('the plan was not taken');
    ids.push(planned.delivery);
    reference.plan(model, step.person);
    return;
  }
  if (step.do === 'cancel') {
    await ledger.cancel({ campaign: CAMPAIGN }, by);
    reference.cancelAll(model);
    return;
  }
  if (step.do === 'suppress' || step.do === 'unsuppress') {
    const address = `${step.person}@corp.example`;
    if (step.do === 'suppress') await ledger.suppress({ address, reason: 'model', since: 1, by: 'admin' });
    else await ledger.unsuppress(address);
    if (step.do === 'suppress') model.suppressed.add(step.person);
    else model.suppressed.delete(step.person);
    return;
  }
  if (step.do === 'pause') {
    await ledger.pause({ campaign: CAMPAIGN }, by);
    model.paused = true;
    return;
  }
  if (step.do === 'resume') {
    const released = await ledger.resume({ campaign: CAMPAIGN }, by);
    const parked = ids.filter((_, at) => model.deliveries[at]?.parked);
    expect([...released].sort()).toEqual(parked.sort());
    for (const delivery of model.deliveries) delivery.parked = false;
    model.paused = false;
    return;
  }
  if (!('which' in step)) return;
  const at = step.which % Math.max(1, ids.length);
  const [id, delivery] = [ids[at], model.deliveries[at]];
  if (id === undefined || delivery === undefined) return;
  const owners = tokens.get(id) ?? [];
  const owner = ('formerOwner' in step && step.formerOwner ? owners.at(-2) : owners.at(-1)) ?? 'nobody';
  switch (step.do) {
    case 'claim': {
      const token = `${id}-${owners.length}`;
      const claim = await ledger.claim(id, { token, leaseMs: LEASE });
      expect(claim.kind).toBe(reference.claim(model, delivery, token));
      if (claim.kind === 'claimed') tokens.set(id, [...owners, token]);
      return;
    }
    case 'begin':
      expect(await ledger.beginBody(id, owner)).toBe(reference.begin(model, delivery, owner));
      return;
    case 'record':
      expect(await ledger.record(id, owner, results[step.said])).toBe(
        reference.record(delivery, owner, step.said),
      );
      return;
    case 'crash':
      await ledger.renew(id, owners.at(-1) ?? 'nobody', 0);
      await ledger.sweep(100);
      reference.crash(delivery);
      return;
    case 'report': {
      const action = step.verdict === 'bounced' ? ('failed' as const) : ('delivered' as const);
      await ledger.applyReport(id, { action, status: '', diagnostic: '', at: 1, hard: false });
      reference.report(delivery, step.verdict);
    }
  }
}

async function compare({ on, model, ids }: Pair): Promise<void> {
  const rows = await Promise.all(ids.map((id) => on.ledger.delivery(id)));
  expect(rows.map((row) => row?.status)).toEqual(model.deliveries.map(({ status }) => status));

  const latest = emptyCounts();
  for (const delivery of model.deliveries) if (delivery.latest) latest[delivery.status] += 1;
  expect(await on.ledger.counts(CAMPAIGN)).toEqual(latest);
  for (const [at, delivery] of model.deliveries.entries()) {
    const run = await on.ledger.run(`m${at}`);
    expect(run?.counts).toEqual({ ...emptyCounts(), [delivery.status]: 1 });
    // What nobody may ever see: a second copy, or one that the ledger denies.
    expect(delivery.copies).toBeLessThanOrEqual(1);
    if (['cancelled', 'suppressed', 'failed', 'queued', 'deferred'].includes(delivery.status))
      expect([delivery.status, delivery.copies]).toEqual([delivery.status, 0]);
  }
  const open = new Set<string>();
  for await (const page of on.ledger.open()) for (const { delivery } of page) open.add(delivery);
  const waiting = ids.filter((_, at) => {
    const delivery = model.deliveries[at];
    return delivery && ['queued', 'deferred'].includes(delivery.status) && !delivery.parked;
  });
  expect(open).toEqual(new Set(waiting));
}

test('whatever happens in whatever order, the ledger does what a small model of it does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const pair: Pair = {
        on: await testLedger(redis()),
        model: reference.createModel(),
        ids: [],
        tokens: new Map(),
      };
      for (const one of steps) await take(pair, one);
      await compare(pair);
    }),
    // A fixed seed for every commit; MODEL_RUNS=5000 for a long search with a new one.
    process.env['MODEL_RUNS'] ? { numRuns: Number(process.env['MODEL_RUNS']) } : { numRuns: 150, seed: 1 },
  );
});
