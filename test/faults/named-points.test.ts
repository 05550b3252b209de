import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLedger, type Ledger } from '../../src/ledger/ledger.js';
import type { DeliveryRow } from '../../src/ledger/types.js';
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
import { CAMPAIGN, writeHouse } from './house.js';

const PROCESS = 'test/faults/deliver-process.ts';
const useServer = useRedis({ appendfsync: 'always' });

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

let compiled: Compiled;
let smtp: FaultSmtp;
let dir: string;
let config: string;
let ledger: Ledger;
/** Killed by the server as soon as it has a first piece of the body. */
let inTheBody: number | undefined;
const atOnce = new Map<Point, DeliveryStatus | undefined>();
const withoutJob = { after: 0, atLast: 0 };

/** One person for each point, named after it: all have their turns in one ledger, and one process goes on after all deaths. */
const nameOf = (point: Point) => point.replaceAll(' ', '-');

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
  const { server, redis } = useServer();
  const people = points.map(([point]) => nameOf(point));
  config = await writeHouse(dir, { people, redisPath: server.path, smtpPort: smtp.port });
  const keyring = await loadKeyring({ file: join(dir, 'rollcall.key'), previous: [] });
  ledger = await createLedger({ redis, prefix: 'rollcall', keyring, clock: systemClock, log: silentLogger });
  const queue = createDeliveryQueue({ redis, prefix: 'rollcall', clock: systemClock });

  expect(await run({ point: 'planned' })).toBe('SIGKILL');
  const deliveries = new Map<Point, string>();
  for (const [point] of points) {
    const row = await rowOf(point);
    deliveries.set(point, row?.delivery ?? '');
    atOnce.set(point, row?.status);
  }
  const all = [...deliveries.values()];
  withoutJob.after = (await queue.withoutJob(all)).length;
  for (const [point, delivery] of deliveries) {
    if (point === 'planned') continue;
    expect(await run({ point, deliveries: [delivery] })).toBe('SIGKILL');
    atOnce.set(point, (await ledger.delivery(delivery))?.status);
    // The claim's holder is taken for dead now, and not twenty seconds later.
    const token = await redis.hget(`rollcall:ledger:d:${delivery}`, 'token');
    await ledger.renew(delivery, token ?? '', 0);
  }
  // As any worker that starts; and once more as BullMQ would, which never heard of the end of its jobs.
  expect(await run({ deliveries: all })).toBe(0);
  withoutJob.atLast = (await queue.withoutJob(all)).length;
  await queue.close();
}, 240_000);

afterAll(async () => {
  await smtp.stop();
  await compiled.remove();
  await rm(dir, { recursive: true, force: true });
});

async function run(options: { point?: Point; deliveries?: readonly string[] }) {
  const child = spawn(process.execPath, [compiled.file(PROCESS), JSON.stringify({ config, ...options })], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  inTheBody = options.point === 'in the body' ? child.pid : undefined;
  const [code, signal] = await once(child, 'exit');
  inTheBody = undefined;
  return code ?? signal;
}

async function rowOf(point: Point): Promise<DeliveryRow | undefined> {
  for await (const page of ledger.deliveries({ campaign: CAMPAIGN }))
    for (const row of page) if (row.address === `${nameOf(point)}@corp.example`) return row;
  return undefined;
}

test.each(points)(
  'a process killed when it has got as far as "%s" leaves the delivery %s, and the next makes it %s with %i copies',
  async (point, then, atLast, copies) => {
    expect(atOnce.get(point)).toBe(then);
    expect((await rowOf(point))?.status).toBe(atLast);
    expect(smtp.received.filter(({ to }) => to.includes(`${nameOf(point)}@corp.example`))).toHaveLength(
      copies,
    );
  },
);

test('a planner killed between its rows and their jobs leaves no job, and the next worker adds those that are needed', () => {
  // The five others need none: killed behind the first body byte, they are sent or uncertain.
  expect(withoutJob).toEqual({ after: points.length, atLast: 5 });
});
