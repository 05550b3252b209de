import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createLedger } from '../../src/ledger/ledger.js';
import { systemClock } from '../../src/lib/clock.js';
import { waitFor } from '../../src/lib/deadline.js';
import { loadKeyring } from '../../src/lib/keyring.js';
import { silentLogger } from '../../src/lib/log.js';
import type { Moment } from '../support/fault-smtp.js';
import { type House, onceEach, openHouse, someone } from './house.js';
import { startProgram } from './program.js';

const PEOPLE = someone(12);
let house: House | undefined;

afterEach(async () => {
  await house?.close();
  house = undefined;
});

const within = (what: string, ms = 40_000) => ({ ms, what });

/** Plans, works, and does something to Redis while the server holds the answer to the fourth message. */
async function during(upset: (house: House) => void): Promise<House> {
  const opened = await openHouse(PEOPLE);
  house = opened;
  await opened.plan();
  let dots = 0;
  opened.smtp.plan = ({ stage }: Moment) => {
    if (stage !== 'dot') return undefined;
    dots += 1;
    if (dots === 4) upset(opened);
    return { do: 'delay', ms: 50 };
  };
  await opened.work();
  await waitFor(() => dots >= 4, within('four messages'));
  return opened;
}

async function expectOnceEach({ statuses, copies }: House): Promise<void> {
  await waitFor(async () => (await statuses())['sent'] === PEOPLE.length, within('everything to be sent'));
  expect(copies()).toEqual(onceEach(PEOPLE));
}

/** True once Redis has refused some ten commands in that way: claims, records, and whatever BullMQ wanted. */
async function refused({ redis }: House, error: string): Promise<boolean> {
  const count = new RegExp(`errorstat_${error}:count=(\\d+)`).exec(await redis.info('errorstats'))?.[1];
  return Number(count ?? 0) >= 10;
}

test('Redis killed with answers on their way, and started again from its AOF: each message once, none uncertain', async () => {
  const place = await during((it) => it.killRedis());
  await place.startRedis();
  await expectOnceEach(place);
  expect((await place.rows()).flatMap(({ history }) => history.map(({ to }) => to))).not.toContain(
    'uncertain',
  );
});

test('run --wait goes on behind a Redis that was started again, and ends as if nothing had been', async () => {
  const place = await openHouse(PEOPLE);
  house = place;
  let dots = 0;
  place.smtp.plan = ({ stage }) => {
    if (stage === 'dot') dots += 1;
    if (stage === 'dot' && dots === 4) place.killRedis();
    return undefined;
  };
  const program = startProgram(
    { root: resolve('.'), config: place.config },
    ...['run', 'onboarding', '--wait', '--json'],
  );
  await Promise.race([waitFor(() => dots >= 4, within('four messages')), program.finished]);
  await place.startRedis();
  const { code, stdout } = await program.finished;
  expect({ code, counts: JSON.parse(stdout).counts }).toMatchObject({
    code: 0,
    counts: { sent: PEOPLE.length },
  });
  expect(place.copies()).toEqual(onceEach(PEOPLE));
}, 90_000);

test('Redis that is full takes nothing, nothing goes out that it does not know, and all goes on once it has room', async () => {
  const place = await during((it) => void it.redis.config('SET', 'maxmemory', '1'));
  await waitFor(() => refused(place, 'OOM'), within('Redis to refuse'));
  // Three connections, so no more than what was under way on them.
  expect(place.smtp.received.length).toBeLessThanOrEqual(6);
  await place.redis.config('SET', 'maxmemory', '0');
  await expectOnceEach(place);
});

test('Redis that has become a replica refuses to write, and all goes on once it is the master again', async () => {
  const place = await during((it) => void it.redis.replicaof('127.0.0.1', '1'));
  await waitFor(() => refused(place, 'READONLY'), within('Redis to refuse'));
  expect(place.smtp.received.length).toBeLessThanOrEqual(6);
  await place.redis.replicaof('NO', 'ONE');
  await expectOnceEach(place);
});

test('Redis that hangs for three seconds delays everything and loses nothing', async () => {
  const place = await during((it) => void it.redis.client('PAUSE', 3_000));
  await expectOnceEach(place);
});

test('a flushed Redis ends the work at once; nobody is written to again, and no process starts on it', async () => {
  const place = await openHouse(PEOPLE);
  house = place;
  await place.plan();
  let isFlushed = false;
  place.smtp.plan = ({ stage }) => {
    if (stage !== 'dot') return undefined;
    if (!isFlushed) void place.redis.flushall();
    isFlushed = true;
    return { do: 'delay', ms: 50 };
  };
  const worker = await place.work();
  await waitFor(() => worker.lost.aborted, within('the worker to give up'));
  expect(worker.lost.reason).toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND', exitCode: 4 });
  await worker.stop();
  // What was in flight at that moment, on three connections, and nothing else.
  expect(place.smtp.received.length).toBeLessThanOrEqual(4);

  const keys = { file: `${place.dir}/rollcall.key`, previous: [] };
  const again = createLedger({
    redis: place.redis,
    prefix: 'rollcall',
    keyring: await loadKeyring(keys),
    clock: systemClock,
    log: silentLogger,
    markFile: `${keys.file}.ledger`,
  });
  await expect(again).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND' });
  await expect(place.plan()).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND' });
  // What was accepted without Redis hearing of it is on disk still.
  const texts = await Promise.all(
    (await place.journals()).map((name) => readFile(`${place.dir}/data/journal/${name}`, 'utf8')),
  );
  expect(texts.join('').split('\n').filter(Boolean).length).toBeGreaterThan(0);
});

test('Redis that has lost its last moments, as with everysec or a replica: nobody is left out, and what it remembers comes once', async () => {
  const place = await openHouse(PEOPLE);
  house = place;
  await place.plan();
  const first = await place.work();
  await waitFor(() => place.smtp.received.length >= 4, within('some messages'));
  await first.stop();
  const remembered = (await place.rows())
    .filter(({ status }) => status === 'sent')
    .map(({ address }) => address);
  // Redis 7 keeps a folder, Redis 6 a file.
  const files = (await readdir(place.dir)).filter((name) => name.startsWith('append'));
  const kept = join(place.dir, 'kept');
  for (const name of files) await cp(join(place.dir, name), join(kept, name), { recursive: true });

  const second = await place.work();
  await waitFor(async () => (await place.statuses())['sent'] === PEOPLE.length, within('everything'));
  await second.stop();
  place.killRedis();
  for (const name of files) {
    await rm(join(place.dir, name), { recursive: true });
    await cp(join(kept, name), join(place.dir, name), { recursive: true });
  }
  await place.startRedis();
  expect((await place.statuses())['sent']).toBe(remembered.length);
  await place.work();
  await waitFor(async () => (await place.statuses())['sent'] === PEOPLE.length, within('everything again'));
  const copies = place.copies();
  for (const uid of PEOPLE) {
    const address = `${uid}@corp.example`;
    expect(copies[address]).toBe(remembered.includes(address) ? 1 : 2);
  }
});
