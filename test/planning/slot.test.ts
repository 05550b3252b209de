import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDirectory, type Directory } from '../../src/directory/directory.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { waitFor } from '../../src/lib/deadline.js';
import { createRelay, type Relay } from '../../src/mail/relay.js';
import { createNotifier, type Notifier } from '../../src/planning/notify.js';
import { runSlot, type SlotContext, type SlotEvent } from '../../src/planning/slot.js';
import { type MailCatcher, startMailCatcher } from '../../src/sandbox/mail-catcher.js';
import { makePeople, toLdif } from '../support/people.js';
import { useRedis } from '../support/redis.js';
import { openPlanningHouse, type PlanningHouse } from './support.js';

const HOUR = 3_600_000;
const useServer = useRedis();

let planning: PlanningHouse;
let catcher: MailCatcher;
let relay: Relay;
let ledger: Ledger;
let away: Directory;
let notifiers: Notifier[];
let context: SlotContext;
let events: SlotEvent[];

beforeEach(async () => {
  events = [];
  const people = makePeople(4).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));
  planning = await openPlanningHouse(useServer(), {
    ldif: toLdif(people),
    campaign: { schedule: '{ cron: "30 2 * * *", maxLateness: 6h }', limits: '{ minPeople: 3 }' },
  });
  const { settings, house, prefix } = planning;
  const { recipients, allowPlaintext } = settings;
  const { clock, log } = planning.context;
  ledger = planning.context.ledger;
  catcher = await startMailCatcher({ dir: join(house.dir, 'mails') });
  const smtp = { ...settings.smtp, host: '127.0.0.1', port: catcher.port };
  const nowhere = { ...settings.directory, url: { scheme: 'ldap', host: '127.0.0.1', port: 1 } } as const;
  away = createDirectory({ settings: nowhere, allowPlaintext, clock, log });
  relay = createRelay({ settings: smtp, recipients, allowPlaintext, log });
  const { redis } = useServer();
  const notify = { to: ['ops@corp.example'], on: ['refused', 'failed', 'missed'] } as const;
  notifiers = [1, 2].map(() => createNotifier({ redis, prefix, ledger, relay, smtp, notify, clock, log }));
  context = {
    ...planning.context,
    load: planning.load,
    report: async (event) => {
      events.push(event);
      for (const notifier of notifiers) await notifier.slot(event);
    },
    signal: new AbortController().signal,
  };
});

afterEach(async () => {
  await relay.close();
  await catcher.stop();
  await planning.close();
});

const slotOf = (at: number) => ({ campaign: 'main', at });

test('an overdue slot is run once, as a catch-up, however many processes have it', async () => {
  const slot = slotOf(Date.now() - HOUR);
  const turns = await Promise.all([1, 2, 3].map(() => runSlot(context, slot)));
  expect(turns.some(({ kind }) => kind === 'done')).toBe(true);
  // Whoever found the planner's lock held comes again, and finds the slot done.
  for (const { kind } of turns)
    if (kind === 'again') expect((await runSlot(context, slot)).kind).toBe('done');
  const runs = await ledger.runs('main', 10);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ trigger: 'catch-up', people: 4, counts: { queued: 4 } });
  expect(events).toEqual([]);
});

test('a slot that is later than maxLateness is not run but reported, in one mail', async () => {
  const slot = slotOf(Date.now() - 7 * HOUR);
  expect(await runSlot(context, slot)).toEqual({ kind: 'done' });
  expect(await ledger.runs('main', 10)).toEqual([]);
  expect(events).toMatchObject([{ kind: 'missed', campaign: 'main', at: slot.at }]);
  expect(catcher.count).toBe(1);
});

test('while the directory is away the slot is tried again under the same run, until it is too late', async () => {
  const slot = slotOf(Date.now());
  const first = await runSlot({ ...context, directory: away }, slot);
  expect(first).toEqual({ kind: 'again', at: expect.any(Number) });
  expect((await ledger.runs('main', 10)).map(({ run, state }) => [run, state])).toEqual([
    ['run-1', 'interrupted'],
  ]);
  expect(await runSlot(context, slot)).toEqual({ kind: 'done' });
  const runs = await ledger.runs('main', 10);
  expect(runs).toMatchObject([{ run: 'run-1', state: 'running', counts: { queued: 4 } }]);

  const next = slotOf(slot.at + 24 * HOUR);
  planning.time.ahead = 30 * HOUR - 30_000;
  expect(await runSlot({ ...context, directory: away }, next)).toEqual({ kind: 'done' });
  expect(events).toMatchObject([{ kind: 'failed', at: next.at }]);
  expect(catcher.count).toBe(1);
});

test('a slot that comes up while the last one is still being planned waits for it', async () => {
  const lock = await ledger.lock('main', { holder: 'a slow planner', leaseMs: 60_000 });
  const turn = await runSlot(context, slotOf(Date.now()));
  expect(turn.kind === 'again' && turn.at > Date.now()).toBe(true);
  await lock.release();
  expect((await runSlot(context, slotOf(Date.now()))).kind).toBe('done');
  expect(events).toEqual([]);
});

test('a process that is told to stop leaves the slot to the next one', async () => {
  const slot = slotOf(Date.now());
  const stopped = await runSlot({ ...context, signal: AbortSignal.abort() }, slot);
  expect(stopped.kind).toBe('again');
  expect(await runSlot(context, slot)).toEqual({ kind: 'done' });
  expect(await ledger.runs('main', 10)).toMatchObject([{ state: 'running', counts: { queued: 4 } }]);
  expect(await readdir(join(planning.house.dir, 'data/spool'))).toEqual([]);
});

test('a refusal is told once, with the numbers, and a relay that is away only delays it', async () => {
  await planning.house.write({ 'config/people.ldif': toLdif(makePeople(2)) });
  const { port } = catcher;
  await catcher.stop();
  expect(await runSlot(context, slotOf(Date.now()))).toEqual({ kind: 'done' });
  const [run] = await ledger.runs('main', 1);
  expect(run).toMatchObject({ state: 'refused', people: 2, outcomes: { skipped: 2 } });
  expect(events).toMatchObject([{ kind: 'refused', run: run?.run }]);

  catcher = await startMailCatcher({ dir: join(planning.house.dir, 'mails'), port });
  const look = async () => {
    for (const notifier of notifiers) if (run) await notifier.run(run);
    return catcher.count > 0;
  };
  await waitFor(look, { ms: 10_000, what: 'the digest' });
  await look();
  expect(catcher.count).toBe(1);
});
