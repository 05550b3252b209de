import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { Attribute, Change, Client } from 'ldapts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../src/lib/deadline.js';
import type { RunDocument } from '../../src/model/run.js';
import { type SandboxRedis, startSandboxRedis } from '../../src/sandbox/redis.js';
import { makePeople, toLdif } from '../support/people.js';
import { openWorkplace, TEMPLATES, type Workplace } from '../support/workplace.js';

const BASE = 'ou=people,dc=corp,dc=example';

/** The alias hangs on the number, so that a rename alone changes nothing that anybody is provisioned with. */
const CAMPAIGN = `
schedule: { cron: "30 2 * * *", timezone: Europe/London }
people: { base: "${BASE}", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases: [{ name: staff, match: { mail: "*" }, alias: "{{ employeeNumber }}@vc.corp.example" }]
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: onboarding }
`;

const dn = (uid: string) => `uid=${uid},${BASE}`;

const person = (number: number) => ({
  objectClass: 'inetOrgPerson',
  uid: `u${number}`,
  cn: `Person ${number}`,
  sn: `Family ${number}`,
  givenName: `Given ${number}`,
  mail: `u${number}@corp.example`,
  employeeNumber: String(number),
});

const set = (type: string, value: string) =>
  new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) });

let place: Workplace;
let server: SandboxRedis;
let redis: Redis;
let ldap: Client;

beforeAll(async () => {
  place = await openWorkplace(toLdif([]));
  server = await startSandboxRedis({ dir: join(place.dir, 'redis'), appendfsync: 'no' });
  redis = new Redis({ path: server.path, maxRetriesPerRequest: null });
  await cp(join(TEMPLATES, 'pexip-onboarding'), join(place.dir, 'templates/onboarding'), { recursive: true });
  await place.settings({
    paths: '{ jobs: jobs, templates: templates, data: data }',
    redis: `{ url: "${server.url}" }`,
    notify: '{ to: [ops@corp.example] }',
  });
  await place.run('key', 'create');
  await place.campaign('nightly', CAMPAIGN);
  ldap = new Client({ url: place.slapd.url });
  await ldap.bind(place.slapd.bindDn, place.slapd.bindPassword);
  for (let number = 1; number <= 10; number++) await ldap.add(dn(`u${number}`), person(number));
}, 120_000);

afterAll(async () => {
  await ldap?.unbind();
  redis?.disconnect();
  await server?.stop();
  await place?.close();
});

/** Runs a night, and gives who got a mail and what the run says. */
async function night(): Promise<{ to: string[]; subjects: string[]; run: RunDocument }> {
  await place.forgetMails();
  const { code, document } = await place.runCampaign('nightly');
  expect(code).toBe(0);
  const mails = await place.mails();
  const to = mails.map((mail) => mail.to?.[0]?.address ?? '').sort();
  return { to, subjects: mails.map(({ subject }) => subject ?? '').sort(), run: document };
}

const addresses = (...numbers: number[]) => numbers.map((number) => `u${number}@corp.example`).sort();

test('each night writes to exactly the new and the changed', async () => {
  const first = await night();
  expect(first.to).toEqual(addresses(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));

  // A joiner, a leaver, one who married and moved, one with another address, one with another alias.
  await ldap.add(dn('u11'), person(11));
  await ldap.del(dn('u1'));
  await ldap.modifyDN(dn('u2'), `uid=married,${BASE}`);
  await ldap.modify(dn('married'), [set('sn', 'Other Family')]);
  await ldap.modify(dn('u3'), [set('mail', 'u3.new@corp.example')]);
  await ldap.modify(dn('u4'), [set('employeeNumber', '444')]);
  const second = await night();
  expect(second.to).toEqual([...addresses(4, 11), 'u3.new@corp.example'].sort());
  expect(second.subjects).toContain('Your video address is ready: 444@vc.corp.example');
  expect(second.run).toMatchObject({ people: 10, outcomes: { unchanged: 7, skipped: 0, conflict: 0 } });

  // New wording is no reason to write, but whoever is written to gets it.
  await writeFile(join(place.dir, 'templates/onboarding/subject.txt'), 'Welcome, {{ device_alias }}\n');
  await ldap.add(dn('u12'), person(12));
  const third = await night();
  expect(third.to).toEqual(addresses(12));
  expect(third.subjects).toEqual(['Welcome, 12@vc.corp.example']);

  const fourth = await night();
  expect(fourth.to).toEqual([]);
  expect(fourth.run.outcomes.unchanged).toBe(11);
}, 120_000);

test('a schedule plans its slot once, however many processes wait for it, and both stop at SIGTERM', async () => {
  await place.forgetMails();
  await ldap.add(dn('u13'), person(13));
  const before = (await runsOf('nightly')).length;
  const processes = [place.start('start'), place.start('start')];
  await waitFor(() => processes.every((process) => process.log().includes('"started"')), {
    ms: 60_000,
    what: 'both to start',
  });

  const { stdout } = await place.run('status', 'nightly', '--json');
  const { nextRun } = JSON.parse(stdout);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeStyle: 'short' });
  expect(time.format(new Date(nextRun))).toBe('02:30');

  // The night comes early.
  const slots = new Queue('slots', { connection: redis, prefix: 'rollcall:bull' });
  await (await slots.getJob(`repeat:nightly:${Date.parse(nextRun)}`))?.promote();
  await waitFor(() => place.catcher.count > 0 && place.mails().then(({ length }) => length === 1), {
    ms: 60_000,
    what: 'the mail of the night',
  });
  await slots.close();
  for (const process of processes) process.kill('SIGTERM');
  const ends = await Promise.all(processes.map(({ finished }) => finished));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);

  const runs = await runsOf('nightly');
  expect(runs.length).toBe(before + 1);
  expect(runs[0]).toMatchObject({ trigger: 'schedule', state: 'done', counts: { sent: 1 } });
  expect((await place.mails()).map((mail) => mail.to?.[0]?.address)).toEqual(addresses(13));
  expect(Date.parse(await nextRunOf('nightly'))).toBeGreaterThan(Date.parse(nextRun));
}, 120_000);

test('a directory that lost two fifths of its people sends nothing, says why, and goes on once the number is confirmed', async () => {
  await place.forgetMails();
  await ldap.add(dn('u14'), person(14));
  for (const number of [3, 5, 6, 7, 8, 9]) await ldap.del(dn(`u${number}`));
  const refused = await place.run('run', 'nightly', '--wait');
  expect([refused.code, refused.stdout]).toEqual([3, '']);
  expect(refused.stderr).toMatch(
    /ROLLCALL_ERR_LIMIT: the directory shrank by 41\.7 %.*Read: 7 people \(last complete run: 12\); to write to: 1\..*--accept-count 7/,
  );
  const wrong = await place.run('run', 'nightly', '--wait', '--accept-count', '12');
  expect(wrong.code).toBe(3);

  // Nobody but whoever must know was written to, and that once for each run.
  const digests = await place.mails();
  expect(digests.map((mail) => mail.to?.[0]?.address)).toEqual(['ops@corp.example', 'ops@corp.example']);
  expect(digests[0]?.subject).toBe('Rollcall: nightly: refused');
  expect(digests[0]?.text).toContain('--accept-count');

  await place.forgetMails();
  const accepted = await place.runCampaign('nightly', '--accept-count', '7');
  expect(accepted.document).toMatchObject({ state: 'done', counts: { sent: 1 } });
  expect((await place.mails()).map((mail) => mail.to?.[0]?.address)).toEqual(addresses(14));
}, 120_000);

test('what waits for somebody who is gone is dropped after two complete reads, and not after one', async () => {
  await place.campaign('waiting', CAMPAIGN.replace('staff', 'everybody'));
  await place.run('pause', 'waiting', '--reason', 'until the servers are up');
  await place.run('run', 'waiting');
  const queued = async () =>
    JSON.parse((await place.run('status', 'waiting', '--json')).stdout).counts.queued;
  expect(await queued()).toBe(7);
  await ldap.del(dn('u10'));
  // One of seven is more than the tenth that a night may lose.
  await place.run('run', 'waiting', '--accept-count', '6');
  expect(await queued()).toBe(7);
  await place.run('run', 'waiting');
  expect(await queued()).toBe(6);
  const { stdout } = await place.run('cancel', 'waiting', '--json');
  expect(JSON.parse(stdout).cancelled).toBe(6);
}, 120_000);

test('a run whose planner is killed while it writes is gone on with under the same id', async () => {
  const count = 4_000;
  const people = makePeople(count).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));
  await writeFile(join(place.dir, 'many.ldif'), toLdif(people));
  const config = join(place.dir, 'rollcall.yaml');
  await writeFile(
    config,
    (await readFile(config, 'utf8')).replace(/^directory: .*$/m, 'directory: { url: "file:many.ldif" }'),
  );
  await place.campaign('many', CAMPAIGN.replace('employeeNumber', 'uid'));

  const killed = place.start('run', 'many');
  const written = () => redis.hlen('rollcall:ledger:c:many:people').catch(() => 0);
  for (let ended = false; !ended && (await written()) === 0; )
    ended = await Promise.race([killed.finished.then(() => true), redis.ping().then(() => false)]);
  killed.kill('SIGKILL');
  expect((await killed.finished).code).toBe('SIGKILL');
  const half = await written();
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(count);
  const [left] = await runsOf('many');
  expect(left?.run).toBeDefined();

  // Its lock is let go once nobody renews it.
  await redis.pexpire('rollcall:ledger:c:many:lock', 1);
  const { code, stdout } = await place.run('run', 'many', '--json');
  expect(code).toBe(0);
  const run: RunDocument = JSON.parse(stdout);
  expect(run).toMatchObject({ run: left?.run, people: count, state: 'running' });
  expect(run.counts.queued).toBe(count);
  expect(await written()).toBe(count);
}, 120_000);

async function runsOf(campaign: string): Promise<{ run: string; trigger: string; state: string }[]> {
  const ids = await redis.zrevrange(`rollcall:ledger:c:${campaign}:runs`, '0', '-1');
  return Promise.all(
    ids.map(async (run) => JSON.parse((await place.run('status', '--run', run, '--json')).stdout)),
  );
}

async function nextRunOf(campaign: string): Promise<string> {
  return JSON.parse((await place.run('status', campaign, '--json')).stdout).nextRun;
}
