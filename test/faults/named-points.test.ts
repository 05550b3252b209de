import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLedger } from '../../src/ledger/ledger.js';
import { systemClock } from '../../src/lib/clock.js';
import { loadKeyring } from '../../src/lib/keyring.js';
import { silentLogger } from '../../src/lib/log.js';
import type { DeliveryStatus } from '../../src/model/status.js';
import { createDeliveryQueue } from '../../src/queue/delivery-queue.js';
import { type Compiled, compile } from '../support/compile.js';
import { type FaultSmtp, startFaultSmtp } from '../support/fault-smtp.js';
import { useRedis } from '../support/redis.js';
import { filesBelow } from '../support/source-files.js';
import type { Point } from './deliver-process.js';

const PROCESS = 'test/faults/deliver-process.ts';
const useServer = useRedis({ appendfsync: 'always' });

let compiled: Compiled;
let smtp: FaultSmtp;
let dir: string;
/** Killed by the server as soon as it has a first piece of the body. */
let inTheBody: number | undefined;

beforeAll(async () => {
  compiled = await compile(
    [PROCESS],
    filesBelow('src', '').filter((file) => !file.endsWith('.ts')),
  );
  smtp = await startFaultSmtp({
    // without SIZE: one of the messages is longer than any server takes
    extensions: ['PIPELINING', 'DSN'],
    plan: ({ stage }) => {
      if (stage !== 'body' || inTheBody === undefined) return undefined;
      process.kill(inTheBody, 'SIGKILL');
      return { do: 'hang' };
    },
  });
  dir = await mkdtemp(join(tmpdir(), 'rollcall-points-'));
});
afterAll(async () => {
  await smtp.stop();
  await compiled.remove();
  await rm(dir, { recursive: true, force: true });
});

/** One person of that name, in a house and a ledger of their own. */
async function openHouse(name: string) {
  const house = join(dir, name);
  await mkdir(join(house, 'jobs'), { recursive: true });
  await writeFile(
    join(house, 'people.ldif'),
    `dn: uid=${name},ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: ${name}\ncn: ${name}\nsn: ${name}\nmail: ${name}@corp.example\n`,
  );
  await writeFile(
    join(house, 'jobs/onboarding.yaml'),
    `
name: onboarding
people: { base: "dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases: [{ name: staff, match: { uid: "*" }, alias: "{{ uid }}@vc.corp.example" }]
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
`,
  );
  const config = join(house, 'rollcall.yaml');
  const { server, redis } = useServer();
  await writeFile(
    config,
    `
paths: { jobs: jobs, templates: ${resolve('templates')}, data: data }
keys: { file: rollcall.key }
directory: { url: "file:people.ldif" }
redis: { url: "unix://${server.path}", prefix: ${name} }
smtp: { host: 127.0.0.1, port: ${smtp.port}, tls: none, from: video@corp.example, retry: [1s] }
recipients: { allowedDomains: [corp.example] }
`,
  );
  await writeFile(join(house, 'rollcall.key'), `${'5a'.repeat(32)}\n`, { mode: 0o600 });
  const keyring = await loadKeyring({ file: join(house, 'rollcall.key'), previous: [] });

  return {
    ledger: () => createLedger({ redis, prefix: name, keyring, clock: systemClock, log: silentLogger }),
    queue: createDeliveryQueue({ redis, prefix: name, clock: systemClock }),
    /** The claim's holder is taken for dead now, and not twenty seconds later. */
    async endLease(delivery: string) {
      const token = (await redis.hget(`${name}:ledger:d:${delivery}`, 'token')) ?? '';
      await (
        await createLedger({ redis, prefix: name, keyring, clock: systemClock, log: silentLogger })
      ).renew(delivery, token, 0);
    },
    async process(options: { point?: Point; deliveries?: readonly string[] }) {
      const child = spawn(
        process.execPath,
        [compiled.file(PROCESS), JSON.stringify({ config, ...options })],
        {
          stdio: ['ignore', 'inherit', 'inherit'],
        },
      );
      inTheBody = options.point === 'in the body' ? child.pid : undefined;
      const [code, signal] = await once(child, 'exit');
      inTheBody = undefined;
      return code ?? signal;
    },
  };
}

/** Where it dies, what the ledger says of it then, what in the end, and how many copies the server has. */
const points: readonly (readonly [Point, DeliveryStatus, DeliveryStatus, number])[] = [
  ['planned', 'queued', 'sent', 1],
  ['claimed', 'sending', 'sent', 1],
  ['rendered', 'sending', 'sent', 1],
  ['body marked', 'sending', 'uncertain', 0],
  ['in the body', 'sending', 'uncertain', 0],
  ['accepted', 'sending', 'uncertain', 1],
  ['journalled', 'sending', 'sent', 1],
  ['recorded', 'sent', 'sent', 1],
];

test.each(points)(
  'a process killed when it has got as far as "%s" leaves the delivery %s, and the next makes it %s with %i copies',
  async (point, atOnce, atLast, copies) => {
    const name = point.replaceAll(' ', '-');
    const house = await openHouse(name);
    expect(await house.process({ point })).toBe('SIGKILL');

    const ledger = await house.ledger();
    const [row] = await ledger.deliveriesOf('onboarding', (await everybody(ledger))[0] ?? '');
    const { delivery = '', status } = row ?? {};
    expect(status).toBe(atOnce);
    if (point === 'planned') expect(await house.queue.withoutJob([delivery])).toEqual([delivery]);

    await house.endLease(delivery);
    // Once as a worker that starts, and once more as BullMQ would, whose job was never finished.
    expect(await house.process({})).toBe(0);
    expect(await house.process({ deliveries: [delivery] })).toBe(0);

    expect((await ledger.delivery(delivery))?.status).toBe(atLast);
    expect(smtp.received.filter(({ to }) => to.includes(`${name}@corp.example`))).toHaveLength(copies);
    if (point === 'planned') expect(await house.queue.withoutJob([delivery])).toEqual([]);
    await house.queue.close();
  },
);

async function everybody(ledger: { people(campaign: string): AsyncIterable<readonly string[]> }) {
  const people: string[] = [];
  for await (const page of ledger.people('onboarding')) people.push(...page);
  return people;
}
