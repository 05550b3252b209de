import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../../src/lib/deadline.js';
import { statusOf } from '../../src/steering/status.js';
import { type House, onceEach, openHouse, someone } from './house.js';

const PEOPLE = someone(5);
let house: House;

afterEach(() => house.close());

test('rows without a live job, whatever became of it, get one at the start of any worker', async () => {
  house = await openHouse(PEOPLE);
  // The queue is lost as a whole, between the ledger and the first job: as after a crash, or a Redis that dropped it.
  const run = await house.plan({ queue: { ...house.queue, add: async () => {} } });
  expect(run?.counts.queued).toBe(PEOPLE.length);
  const waiting = (await house.rows()).map(({ delivery }) => delivery);
  expect(await house.queue.withoutJob(waiting)).toEqual(waiting);
  // One of them waits for its next try.
  const [first = ''] = waiting;
  await house.ledger.claim(first, { token: 't', leaseMs: 60_000 });
  const reply = { code: 451, enhanced: '4.3.0', text: 'Later' };
  await house.ledger.record(first, 't', { status: 'deferred', notBefore: Date.now(), reply });

  await house.work();
  await waitFor(async () => (await house.statuses())['sent'] === PEOPLE.length, {
    ms: 20_000,
    what: 'all of them',
  });
  expect(house.copies()).toEqual(onceEach(PEOPLE));
});

test('the status says which sums do not agree', async () => {
  house = await openHouse(PEOPLE);
  const run = await house.plan();
  const status = () =>
    statusOf(
      { ledger: house.ledger, relay: { trouble: async () => undefined }, nextRun: async () => null },
      'onboarding',
    );
  expect((await status()).disagreements).toEqual([]);
  await house.redis.hincrby(`rollcall:ledger:run:${run?.run}`, 'n:queued', -1);
  await house.redis.hincrby('rollcall:ledger:c:onboarding:n', 'sent', 2);
  expect((await status()).disagreements).toEqual([
    `Run ${run?.run}: 5 people were read, but 4 are accounted for.`,
    '5 people have been written to or are waiting, but 7 are counted by status.',
  ]);
});
