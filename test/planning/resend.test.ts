import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.js';
import type { RunDocument } from '../../src/model/run.js';
import { planRun } from '../../src/planning/run.js';
import { type Selection, selectAudience } from '../../src/steering/resend.js';
import { campaignText } from '../campaign/support.js';
import { makePeople, toLdif } from '../support/people.js';
import { useRedis } from '../support/redis.js';
import { openPlanningHouse, type PlanningHouse } from './support.js';

const useServer = useRedis();
const people = makePeople(5).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));
const idOf = (index: number) => people[index]?.id ?? '';

let planning: PlanningHouse;
let ledger: Ledger;

beforeEach(async () => {
  planning = await openPlanningHouse(useServer(), {
    ldif: toLdif(people),
    campaign: { limits: '{ maxRecipients: 5 }' },
  });
  ledger = planning.context.ledger;
  await planRun(planning.context, { campaign: await planning.load(), trigger: 'manual' });
});
afterEach(() => planning.close());

const select = async (selection: Selection) => {
  const { directory } = planning.context;
  return selectAudience({ ledger, directory, campaign: await planning.load() }, selection);
};

async function resend(audience: ReadonlyMap<string, number>): Promise<RunDocument> {
  const run = await planRun(planning.context, {
    campaign: await planning.load(),
    trigger: 'resend',
    resend: { audience, reason: 'lost the mail', actor: 'anna' },
  });
  if (run === undefined) throw new Error('no run');
  return run;
}

test('gives the person one more message, and the history says who asked and why', async () => {
  const run = await resend(await select({ by: 'person', people: ['p000001'] }));
  expect(run).toMatchObject({
    trigger: 'resend',
    people: 1,
    counts: { queued: 1 },
    reason: 'lost the mail',
    actor: 'anna',
  });
  const rows = await ledger.deliveriesOf('main', idOf(1));
  expect(rows.map(({ sequence, status, detail }) => [sequence, status, detail])).toEqual([
    [2, 'queued', undefined],
    [1, 'cancelled', 'superseded'],
  ]);
  expect(rows[0]?.history[0]?.note).toBe('re-sent by anna: lost the mail');
});

test('two admins who confirmed the same people give each of them one message', async () => {
  const [one, other] = [await select({ by: 'all' }), await select({ by: 'all' })];
  expect((await resend(one)).counts.queued).toBe(5);
  const second = await resend(other);
  expect(second).toMatchObject({ people: 5, skipped: { stale: 5 }, counts: { queued: 0 } });
  for (const { id } of people) expect(await ledger.deliveriesOf('main', id)).toHaveLength(2);
});

test('people who are suppressed, skipped or gone by now are left out, and accounted for', async () => {
  const audience = await select({ by: 'all' });
  const since = Date.now();
  await ledger.suppress({ address: 'p000000@corp.example', reason: 'bounced', since, by: 'anna' });
  const others = people
    .slice(0, -1)
    .map((one, index) => (index === 1 ? { ...one, mail: ['x@other.example'] } : one));
  await planning.house.write({ 'config/people.ldif': toLdif(others) });
  const run = await resend(audience);
  expect(run.skipped).toEqual({ suppressed: 1, 'domain-not-allowed': 1, gone: 1 });
  expect(run).toMatchObject({ people: 5, counts: { queued: 2 } });
  const [last] = await ledger.deliveriesOf('main', idOf(4));
  expect(last?.status).toBe('queued'); // one read without somebody drops nothing
});

test('maxRecipients holds, and nothing is queued beyond it', async () => {
  await planning.house.write({
    'jobs/main.yaml': campaignText({
      people: '{ base: "dc=corp,dc=example", filter: "(mail=*)" }',
      limits: '{ maxRecipients: 4 }',
    }),
  });
  await expect(resend(await select({ by: 'all' }))).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_LIMIT',
    exitCode: 3,
    hint: expect.stringContaining('re-send in parts'),
  });
  for (const { id } of people) expect(await ledger.deliveriesOf('main', id)).toHaveLength(1);
});

test('by status and by run it asks for those people alone', async () => {
  const [run] = await ledger.runs('main', 1);
  expect((await select({ by: 'run', run: run?.run ?? '' })).size).toBe(5);
  expect((await select({ by: 'status', statuses: ['queued'] })).size).toBe(5);
  expect((await select({ by: 'status', statuses: ['failed'] })).size).toBe(0);
  await expect(select({ by: 'run', run: 'other' })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_UNKNOWN_RUN',
  });
  await expect(select({ by: 'person', people: ['nobody'] })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_UNKNOWN_PERSON',
  });
});
