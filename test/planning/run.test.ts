import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunDocument } from '../../src/model/run.js';
import { planRun } from '../../src/planning/run.js';
import { type MadeUpPerson, makePeople, toLdif } from '../support/people.js';
import { useRedis } from '../support/redis.js';
import { openPlanningHouse, type PlanningHouse } from './support.js';

const useServer = useRedis();
const people = makePeople(6).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));
const person = (index: number): MadeUpPerson => {
  const found = people[index];
  if (found === undefined) throw new Error(`there is no person ${index}`);
  return found;
};

let planning: PlanningHouse;

beforeEach(async () => {
  planning = await openPlanningHouse(useServer(), {
    ldif: toLdif(people),
    campaign: { limits: '{ maxDecrease: 100%, maxIncrease: 100% }' },
  });
});
afterEach(() => planning.close());

async function night(today: readonly MadeUpPerson[] = people): Promise<RunDocument> {
  await writeFile(join(planning.house.dir, 'config', 'people.ldif'), toLdif(today));
  const run = await planRun(planning.context, { campaign: await planning.load(), trigger: 'manual' });
  if (run === undefined) throw new Error('no run');
  return run;
}

const statusOf = async (index: number) => {
  const [last] = await planning.context.ledger.deliveriesOf('main', person(index).id);
  return last && [last.sequence, last.status, last.detail];
};

test('a suppressed address is not written to, in whatever spelling it was suppressed', async () => {
  const { ledger } = planning.context;
  await ledger.suppress({ address: 'P000002@Corp.Example', reason: 'asked for it', since: 0, by: 'anna' });
  const run = await night();
  expect(run).toMatchObject({ skipped: { suppressed: 1 }, counts: { queued: 5 } });
  expect(await night()).toMatchObject({ skipped: { suppressed: 1 }, outcomes: { unchanged: 5 } });
  await ledger.unsuppress('p000002@corp.example');
  expect(await night()).toMatchObject({ skipped: {}, counts: { queued: 1 } });
});

test('a newcomer with the alias of somebody unchanged is a conflict of both, and what was open is cancelled', async () => {
  await night();
  const twin = { ...person(1), id: '00000000-0000-4000-8000-000000000000', mail: ['twin@corp.example'] };
  const ldif = toLdif([...people, twin]).replaceAll(`dn: uid=${twin.uid},`, (dn, at: number, all: string) =>
    all.lastIndexOf(dn) === at ? `dn: cn=twin+uid=${twin.uid},` : dn,
  );
  await writeFile(join(planning.house.dir, 'config', 'people.ldif'), ldif);
  const run = await planRun(planning.context, { campaign: await planning.load(), trigger: 'manual' });
  expect(run).toMatchObject({ people: 7, outcomes: { unchanged: 5, skipped: 0, conflict: 2 } });
  expect(await statusOf(1)).toEqual([1, 'cancelled', 'conflict']);
});

test('somebody gone loses an open delivery after the second complete read without them, and gets a new one on return', async () => {
  await night();
  const without = people.filter((one) => one !== person(3));
  expect((await night(without)).people).toBe(5);
  expect(await statusOf(3)).toEqual([1, 'queued', undefined]);
  await night(without);
  expect(await statusOf(3)).toEqual([1, 'cancelled', 'gone']);
  expect(await night()).toMatchObject({ counts: { queued: 1 }, outcomes: { unchanged: 5 } });
  expect(await statusOf(3)).toEqual([2, 'queued', undefined]);
});

test('a new name under the same id is no new person, and a new alias supersedes what was not sent yet', async () => {
  await night();
  const married = { ...person(4), sn: 'Married' };
  const run = await night(people.map((one) => (one === person(4) ? married : one)));
  expect(run).toMatchObject({ outcomes: { unchanged: 6 }, counts: { queued: 0 } });
  const renamed = { ...married, uid: 'renamed' };
  expect(await night(people.map((one) => (one === person(4) ? renamed : one)))).toMatchObject({
    outcomes: { unchanged: 5 },
    counts: { queued: 1 },
  });
  expect(await statusOf(4)).toEqual([2, 'queued', undefined]);
});

test('a plan over a limit queues nothing, and accounts for everybody', async () => {
  await night();
  await expect(night(people.slice(0, 0))).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_DIRECTORY_INCOMPLETE',
  });
  const many = makePeople(5_200).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));
  await expect(night(many)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LIMIT', exitCode: 3 });
  const [last] = await planning.context.ledger.runs('main', 1);
  expect(last).toMatchObject({
    state: 'refused',
    people: 5_200,
    outcomes: { unchanged: 6, skipped: 5_194, conflict: 0 },
  });
});
