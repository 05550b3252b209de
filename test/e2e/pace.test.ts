import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../src/lib/deadline.js';
import { type SandboxRedis, startSandboxRedis } from '../../src/sandbox/redis.js';
import { type FaultSmtp, startFaultSmtp } from '../support/fault-smtp.js';
import { makePeople, toLdif } from '../support/people.js';
import type { Running } from '../support/rollcall.js';
import { openWorkplace, type Workplace } from '../support/workplace.js';

const PEOPLE = 100;

const campaign = (aliases: string) => `
people: { base: "ou=people,dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases: [${aliases}]
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
`;
const staff = '{ name: staff, match: { mail: "*" }, alias: "{{ uid }}@vc.corp.example" }';
const partners =
  '{ name: partners, match: { uid: "/[02468]$/" }, alias: "{{ uid }}@vc.corp.example", message: { to: "{{ uid }}@slow.example" } }';

let place: Workplace;
let server: SandboxRedis;
let redis: Redis;

beforeAll(async () => {
  const people = makePeople(PEOPLE).map((one) => ({ ...one, mail: [`${one.uid}@corp.example`] }));
  place = await openWorkplace(toLdif(people));
  server = await startSandboxRedis({ dir: join(place.dir, 'redis'), appendfsync: 'no' });
  redis = new Redis({ path: server.path });
  await place.settings({
    redis: `{ url: "${server.url}" }`,
    recipients: '{ allowedDomains: [corp.example, slow.example] }',
  });
  await place.run('key', 'create');
}, 120_000);

afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
  await place?.close();
});

/** Plans a campaign, and sends it with so many workers while `during` goes on. */
async function send(
  name: string,
  { aliases, smtp, workers }: { aliases: string; smtp: string; workers: number },
  during: () => Promise<unknown>,
) {
  await place.settings({ smtp: `{ host: 127.0.0.1, tls: none, from: video@corp.example, ${smtp} }` });
  await place.campaign(name, campaign(aliases));
  expect((await place.run('run', name)).code).toBe(0);
  const running: Running[] = Array.from({ length: workers }, () => place.start('work'));
  try {
    await during();
  } finally {
    for (const worker of running) worker.kill('SIGTERM');
    const ends = await Promise.all(running.map(({ finished }) => finished));
    expect(ends.map(({ code }) => code)).toEqual(running.map(() => 0));
  }
}

/** The delivery rows of a campaign's only run, as they are kept. */
async function rowsOf(name: string): Promise<Record<string, string>[]> {
  const [run] = await redis.zrange(`rollcall:ledger:c:${name}:runs`, '0', '-1');
  const ids = await redis.lrange(`rollcall:ledger:run:${run}:deliveries`, '0', '-1');
  return Promise.all(ids.map((id) => redis.hgetall(`rollcall:ledger:d:${id}`)));
}

const everyCopy = (smtp: FaultSmtp[]) => smtp.flatMap(({ copies }) => [...copies.values()]);

test('four workers together never send more than the rate in any second', async () => {
  const smtp = await startFaultSmtp({ keepRaw: false });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const settings = { aliases: staff, smtp: `port: ${smtp.port}, rate: 20/s`, workers: 4 };
  await send('rate', settings, () =>
    waitFor(() => smtp.received.length === PEOPLE, { ms: 60_000, what: 'all to be sent' }),
  );
  delay.disable();
  await smtp.stop();
  // What this process read late, because it had no processor, seems to have come in a shorter time than it did.
  const second = 1_000 - delay.max / 1e6;
  const times = smtp.mailTimes.toSorted((a, b) => a - b);
  const busiest = Math.max(
    ...times.map((start, index) => times.slice(index).filter((at) => at - start < second).length),
  );
  expect(times.length).toBe(PEOPLE);
  expect(busiest).toBeLessThanOrEqual(20);
  expect(everyCopy([smtp])).toEqual(Array(PEOPLE).fill(1));
}, 120_000);

test('a domain at its limit holds up nobody else, and does not make its messages go round in circles', async () => {
  const smtp = await startFaultSmtp({ keepRaw: false });
  const slow = () => smtp.received.filter(({ to }) => to[0]?.endsWith('@slow.example')).length;
  const limit = 'domains: [{ match: slow.example, rate: 10/min }]';
  const settings = { aliases: `${partners}, ${staff}`, smtp: `port: ${smtp.port}, ${limit}`, workers: 2 };
  await send('domains', settings, () =>
    waitFor(() => smtp.received.length - slow() === PEOPLE / 2, { ms: 60_000, what: 'the others to go' }),
  );
  await smtp.stop();
  expect(slow()).toBeLessThan(10);
  const waiting = (await rowsOf('domains')).filter(({ status }) => status === 'queued');
  expect(waiting.length).toBe(PEOPLE / 2 - slow());
  // Planned, tried, put back: each was told its own time once or twice, and no attempt was counted.
  expect(Math.max(...waiting.map(({ log }) => Number(log)))).toBeLessThan(10);
  expect(new Set(waiting.map(({ notBefore }) => notBefore)).size).toBe(waiting.length);
  expect(new Set(waiting.map(({ attempts }) => attempts))).toEqual(new Set(['0']));
  await place.run('cancel', 'domains');
}, 120_000);

test('a relay that goes away in mid-run costs nobody an attempt, and every message still goes out once', async () => {
  const first = await startFaultSmtp({ keepRaw: false });
  let second: FaultSmtp | undefined;
  first.plan = ({ stage }) =>
    (stage === 'greeting' || stage === 'mail') && first.received.length >= 30
      ? { do: 'reply', text: '421 4.3.2 shutting down' }
      : undefined;
  const trouble = async () => JSON.parse((await place.run('status', 'away', '--json')).stdout).relay;

  await send('away', { aliases: staff, smtp: `port: ${first.port}`, workers: 2 }, async () => {
    let told: { reason: string } | null = null;
    const isTold = async () => {
      told = await trouble();
      return told !== null;
    };
    await waitFor(isTold, { ms: 60_000, what: 'the trouble to be noticed' });
    expect(JSON.stringify(told)).toContain('shutting down');
    await first.stop();
    // Refused connections now, and a longer wait.
    const failures = async () => Number(await redis.hget('rollcall:relay', 'failures'));
    await waitFor(async () => (await failures()) >= 2, { ms: 60_000, what: 'a second try' });
    second = await startFaultSmtp({ port: first.port, keepRaw: false });
    const done = () => first.received.length + (second?.received.length ?? 0) === PEOPLE;
    await waitFor(done, { ms: 60_000, what: 'the rest to be sent' });
    await waitFor(async () => (await trouble()) === null, { ms: 60_000, what: 'the trouble to be over' });
  });
  await second?.stop();
  const servers = second ? [first, second] : [first];
  expect(everyCopy(servers)).toEqual(Array(PEOPLE).fill(1));
  expect(new Set(servers.flatMap(({ copies }) => [...copies.keys()])).size).toBe(PEOPLE);
  for (const { status, attempts } of await rowsOf('away')) expect([status, attempts]).toEqual(['sent', '1']);
}, 120_000);
