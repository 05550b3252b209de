import { afterEach, beforeEach, expect, test } from 'vitest';
import { ledgerKeys } from '../../src/ledger/keys.js';
import { planRun } from '../../src/planning/run.js';
import { makePeople, toLdif } from '../support/people.js';
import { useRedis } from '../support/redis.js';
import { openPlanningHouse, type PlanningHouse } from './support.js';

const useServer = useRedis();
const people = makePeople(30).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));

let planning: PlanningHouse;
beforeEach(async () => {
  planning = await openPlanningHouse(useServer(), {
    ldif: toLdif(people),
    campaign: { aliases: '[{ name: staff, match: { mail: "*" }, alias: "{{ ou }}.{{ uid }}@vc" }]' },
  });
});
afterEach(() => planning.close());

const text = (ous: (index: number) => readonly string[]) =>
  toLdif(people).replaceAll(/^uid: p0*(\d+)$/gm, (line, number) =>
    [line, ...ous(Number(number)).map((ou) => `ou: ${ou}`)].join('\n'),
  );

test('the order in which a server gives the values of an attribute makes nobody changed', async () => {
  await planning.house.write({ 'config/people.ldif': text(() => ['sales', 'Éire', 'art']) });
  const campaign = await planning.load();
  const first = await planRun(planning.context, { campaign, trigger: 'manual' });
  expect(first?.counts.queued).toBe(people.length);
  const [row] = await planning.context.ledger.deliveriesOf('main', people[0]?.id ?? '');
  expect(row?.alias).toBe('art.p000000@vc');

  await planning.house.write({ 'config/people.ldif': text(() => ['art', 'sales', 'Éire']) });
  const second = await planRun(planning.context, { campaign, trigger: 'manual' });
  expect(second).toMatchObject({ outcomes: { unchanged: people.length }, counts: { queued: 0 } });
});

test('a fingerprint of an older form makes nobody changed, and is replaced', async () => {
  const { redis } = useServer();
  const key = ledgerKeys(planning.prefix).people('main');
  const fingerprints = async () =>
    Object.values(await redis.hgetall(key))
      .map((row) => row.split('\t')[3])
      .sort();
  await planning.house.write({ 'config/people.ldif': text(() => ['art']) });
  const campaign = await planning.load();
  await planRun(planning.context, { campaign, trigger: 'manual' });
  const ours = await fingerprints();
  for (const [person, row] of Object.entries(await redis.hgetall(key)))
    await redis.hset(key, person, row.split('\t').with(3, 'AAAAAAAAAAAAAAAAAAAAAA==').join('\t'));

  const second = await planRun(planning.context, { campaign, trigger: 'manual' });
  expect(second).toMatchObject({ outcomes: { unchanged: people.length }, counts: { queued: 0 } });
  expect(await fingerprints()).toEqual(ours);
});

test('where none of the first mails can be rendered nothing is queued, and where some can those go', async () => {
  await planning.house.write({
    'templates/welcome/message.txt': 'Hello {{ title }}, {{ device_alias }}: {{ link.uri }}\n',
    'config/people.ldif': text(() => ['art']),
  });
  const refused = planRun(planning.context, { campaign: await planning.load(), trigger: 'manual' });
  await expect(refused).rejects.toMatchObject({ code: 'ROLLCALL_ERR_NOTHING_RENDERS' });
  const [run] = await planning.context.ledger.runs('main', 1);
  expect(run?.counts.queued).toBe(0);

  const one = text(() => ['art']).replace(/^uid: p000003$/m, 'uid: p000003\ntitle: Dr');
  await planning.house.write({ 'config/people.ldif': one });
  const next = await planRun(planning.context, { campaign: await planning.load(), trigger: 'manual' });
  expect(next?.counts.queued).toBe(people.length);
});

test('somebody who left is missed though somebody else joined on the same night, and is known again once back', async () => {
  const { ledger } = planning.context;
  const [left, joined] = [people[0]?.id ?? '', people[1]?.id ?? ''];
  const night = async (without: string) => {
    const there = people.filter((one) => one.id !== without);
    const ldif = toLdif(there).replaceAll(/^uid: .*$/gm, '$&\nou: art');
    await planning.house.write({ 'config/people.ldif': ldif });
    await planRun(planning.context, { campaign: await planning.load(), trigger: 'manual', acceptCount: 29 });
  };
  const statusOf = async (person: string) => (await ledger.deliveriesOf('main', person)).at(-1)?.status;

  await night(joined);
  await night(left);
  expect(await ledger.missing('main')).toEqual(new Set([left]));
  expect(await statusOf(joined)).toBe('queued');
  await night(joined);
  expect(await ledger.missing('main')).toEqual(new Set([joined]));
  await night(left);
  expect(await ledger.missing('main')).toEqual(new Set([left]));
  await night(left);
  expect([await statusOf(left), await statusOf(joined)]).toEqual(['cancelled', 'queued']);
});
