import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { waitFor } from '../../src/lib/deadline.js';
import { type SandboxRedis, startSandboxRedis } from '../../src/sandbox/redis.js';
import { type FaultSmtp, startFaultSmtp } from '../support/fault-smtp.js';
import { makePeople, toLdif } from '../support/people.js';
import type { Running } from '../support/rollcall.js';
import { openWorkplace, type Workplace } from '../support/workplace.js';

const PEOPLE = 40;
const within = { ms: 60_000, what: 'the deliveries to get there' };

const campaign = (more = '') => `
people: { base: "ou=people,dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases: [{ name: staff, match: { mail: "*" }, alias: "{{ uid }}@vc.corp.example" }]
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
${more}`;

let place: Workplace;
let server: SandboxRedis;
let redis: Redis;
let smtp: FaultSmtp;

beforeAll(async () => {
  const people = makePeople(PEOPLE).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));
  place = await openWorkplace(toLdif(people));
  server = await startSandboxRedis({ dir: join(place.dir, 'redis'), appendfsync: 'no' });
  redis = new Redis({ path: server.path });
  smtp = await startFaultSmtp({ keepRaw: false });
  await place.settings({
    redis: `{ url: "${server.url}" }`,
    smtp: `{ host: 127.0.0.1, port: ${smtp.port}, tls: none, from: video@corp.example, connections: 2 }`,
  });
  await place.run('key', 'create');
}, 120_000);

beforeEach(() => {
  smtp.plan = () => undefined;
});

afterAll(async () => {
  redis?.disconnect();
  await smtp?.stop();
  await server?.stop();
  await place?.close();
});

const json = async (...args: string[]) => JSON.parse((await place.run(...args, '--json')).stdout);
const countsOf = async (name: string) => (await json('status', name)).counts;
const sentTo = (name: string) => smtp.received.filter(({ to }) => to[0] === `${name}@corp.example`).length;

async function withWorker(use: () => Promise<void>): Promise<void> {
  const workers: Running[] = [place.start('work'), place.start('work')];
  try {
    await use();
  } finally {
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers.map(({ finished }) => finished));
  }
}

test('a pause holds on every worker, also for what is on a connection already, and resume lets the rest go once', async () => {
  await place.campaign('brake', campaign());
  await place.run('run', 'brake');
  // A slow server: two messages are always under way, before their first body byte.
  smtp.plan = ({ stage }) => (stage === 'rcpt' ? { do: 'delay', ms: 150 } : undefined);
  await withWorker(async () => {
    await waitFor(() => smtp.received.length >= 4, within);
    // Slower still, so that the rest is not sent before another process has started and paused it.
    smtp.plan = ({ stage }) => (stage === 'rcpt' ? { do: 'delay', ms: 2_000 } : undefined);
    const paused = await place.run('pause', 'brake', '--reason', 'wrong node');
    expect(paused.code).toBe(0);
    // Whatever had begun its body has an answer soon; nothing else begins one.
    await waitFor(async () => (await countsOf('brake')).sending === 0, within);
    const before = smtp.received.length;
    expect(before).toBeLessThan(PEOPLE);
    const held = await json('status', 'brake');
    expect(held).toMatchObject({
      paused: true,
      hold: { reason: 'wrong node' },
      lastRun: { state: 'paused' },
    });
    expect(smtp.received.length).toBe(before);
    smtp.plan = () => undefined;

    // Meanwhile one of those who wait is suppressed, and the first run's own brake would be another one.
    const [waiting] = await waitingPeople('brake');
    await place.run('suppress', 'add', `${waiting}@corp.example`, '--reason', 'left by mistake');
    await place.run('resume', 'brake');
    await waitFor(async () => (await countsOf('brake')).queued === 0, within);
    await waitFor(async () => (await countsOf('brake')).sending === 0, within);
    expect(await countsOf('brake')).toMatchObject({ sent: PEOPLE - 1, suppressed: 1 });
    expect(sentTo(waiting ?? '')).toBe(0);
    await place.run('suppress', 'remove', `${waiting}@corp.example`);
  });
  expect(Math.max(...smtp.copies.values())).toBe(1);
}, 120_000);

test('a re-send wants a yes, writes once more to that person, and why shows both messages', async () => {
  const asked = await place.run('resend', 'brake', '--person', 'p000007', '--reason', 'lost the mail');
  expect([asked.code, asked.stdout]).toEqual([2, '']);
  expect(asked.stderr).toContain('Write to 1 person of brake once more? There is no terminal to ask on.');
  const before = sentTo('p000007');

  const args = ['--person', 'p000007', '--reason', 'lost the mail', '--yes', '--wait'];
  const run = await json('resend', 'brake', ...args);
  expect(run).toMatchObject({ trigger: 'resend', people: 1, counts: { sent: 1 }, reason: 'lost the mail' });
  expect(run.actor).not.toBeNull();
  expect(sentTo('p000007')).toBe(before + 1);
  expect(Math.max(...smtp.copies.values())).toBe(1);

  const { stdout } = await place.run('why', 'brake', 'p000007');
  expect(stdout).toMatch(/^person +\S+ \(active\)$/m);
  expect(stdout).toMatch(/^#2 sent, .*\n +\S+ \S+ +queued +re-sent by .*: lost the mail$/m);
  expect(stdout.split('\n').length).toBeLessThan(24);

  const nobody = await place.run('resend', 'brake', '--status', 'bounced', '--reason', 'x', '--yes');
  expect(nobody.code).toBe(0);
  expect(nobody.stderr).toContain('Nobody of brake fits: nothing is sent.\n');
}, 120_000);

test('a canary that fails keeps the rest back until an admin lets it go', async () => {
  await place.campaign('canary', campaign('canary: 3'));
  const before = smtp.received.length;
  smtp.plan = ({ stage, to }) =>
    stage === 'rcpt' && to.startsWith('p000000') ? { do: 'reply', text: '550 5.7.1 no' } : undefined;
  const { code, stdout } = await place.run('run', 'canary', '--wait', '--json');
  expect(code).toBe(1);
  const run = JSON.parse(stdout);
  expect([run.state, run.counts.failed]).toEqual(['paused', 1]);
  expect(smtp.received.length).toBeLessThan(before + 3);
  expect(run.counts.queued).toBeGreaterThanOrEqual(PEOPLE - 3);
  expect((await json('status', 'canary')).hold.reason).toContain('canary');

  await place.run('resume', 'canary');
  await withWorker(() =>
    waitFor(async () => (await countsOf('canary')).sent === PEOPLE - 1, within).then(() => {}),
  );
}, 120_000);

test('a relay that says no to everybody pauses the campaign after twenty', async () => {
  await place.campaign('refused', campaign());
  smtp.plan = ({ stage }) => (stage === 'rcpt' ? { do: 'reply', text: '550 5.7.1 no' } : undefined);
  const { code, stdout } = await place.run('run', 'refused', '--wait', '--json');
  const run = JSON.parse(stdout);
  expect([code, run.state]).toEqual([1, 'paused']);
  expect(run.counts.failed).toBeGreaterThanOrEqual(20);
  // three in hand for each of the two connections
  expect(run.counts.failed).toBeLessThanOrEqual(20 + 6);
  expect((await json('status', 'refused')).hold).toMatchObject({
    by: 'rollcall',
    reason: expect.stringContaining('maxFailed'),
  });
  const cancelled = await json('cancel', 'refused');
  expect(cancelled.cancelled).toBe(PEOPLE - run.counts.failed);
  expect((await json('status', 'refused')).lastRun.state).toBe('cancelled');
}, 120_000);

test('outside its window nothing goes out, and the deliveries wait for it without using up a try', async () => {
  const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7];
  await place.campaign(
    'hours',
    campaign(`window: { days: [${day}], from: "07:00", to: "19:00", timezone: UTC }`),
  );
  const before = smtp.received.length;
  const { stdout } = await place.run('run', 'hours', '--wait', '--timeout', '3s', '--json');
  expect(JSON.parse(stdout).counts.queued).toBe(PEOPLE);
  expect(smtp.received.length).toBe(before);
  const { deliveries, next } = await json('why', 'hours', 'p000001');
  const opens = new Date(deliveries[0].notBefore);
  expect([opens.getUTCHours(), opens.getUTCMinutes()]).toEqual([7, 0]);
  expect(deliveries[0].attempts).toBe(0);
  expect(next).toContain(opens.toISOString());
}, 120_000);

/** The uids of those whose delivery waits. */
async function waitingPeople(name: string): Promise<string[]> {
  const [run] = await redis.zrange(`rollcall:ledger:c:${name}:runs`, '0', '-1');
  const parked = await redis.smembers(`rollcall:ledger:run:${run}:parked`);
  const addresses = await Promise.all(parked.map((id) => redis.hget(`rollcall:ledger:d:${id}`, 'address')));
  return addresses.flatMap((address) => address?.split('@')[0] ?? []);
}
