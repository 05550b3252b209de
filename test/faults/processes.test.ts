import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LEASE_MS } from '../../src/delivery/lease.js';
import { type Clock, systemClock } from '../../src/lib/clock.js';
import { waitFor } from '../../src/lib/deadline.js';
import type { Running } from '../support/rollcall.js';
import { type House, onceEach, openHouse, someone } from './house.js';
import { type ProgramOptions, startProgram } from './program.js';

const PEOPLE = someone(12);
const root = resolve('.');
const houses: House[] = [];
const programs: Running[] = [];

async function open(people: readonly string[] = PEOPLE): Promise<House> {
  const house = await openHouse(people);
  houses.push(house);
  return house;
}

function start(house: House, args: readonly string[], wrapper: ProgramOptions['wrapper'] = []): Running {
  const program = startProgram({ root, config: house.config, wrapper }, ...args);
  programs.push(program);
  return program;
}

afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.kill('SIGKILL');
    program.kill('SIGCONT');
  }
  for (const house of houses.splice(0)) await house.close();
});

const within = (what: string, ms = 60_000) => ({ ms, what });

test('SIGTERM with messages in flight: the answers are waited for, the rest stays queued, nothing is uncertain', async () => {
  const house = await open();
  await house.plan();
  house.smtp.plan = ({ stage }) => (stage === 'dot' ? { do: 'delay', ms: 1_500 } : undefined);
  const worker = start(house, ['work']);
  await waitFor(() => house.smtp.received.length > 0, within('a message'));
  worker.kill('SIGTERM');
  expect((await worker.finished).code).toBe(0);
  const statuses = await house.statuses();
  expect(Object.keys(statuses).sort()).toEqual(['queued', 'sent']);
  expect(statuses['sent']).toBe(house.smtp.received.length);

  house.smtp.plan = () => undefined;
  await house.work();
  await waitFor(async () => (await house.statuses())['sent'] === PEOPLE.length, within('the rest'));
  expect(house.copies()).toEqual(onceEach(PEOPLE));
});

// Both wait for a lease to run out, so they wait together.
test('for longer than the lease: a worker whose event loop stands still is overtaken, and Redis that is away is waited for', {
  timeout: 150_000,
}, async () => {
  const blocked = async () => {
    const house = await open();
    await house.plan();
    let stopped = 0;
    const first = start(house, ['work']);
    house.smtp.plan = ({ stage }) => {
      // With the answer to its first message on the way, it stands still: the whole process, as a busy loop would.
      if (stage === 'dot' && stopped === 0) {
        stopped = Date.now();
        process.kill(first.pid, 'SIGSTOP');
      }
      return undefined;
    };
    await waitFor(() => stopped > 0, within('a message'));
    await house.work();
    await waitFor(async () => {
      const { sent = 0, uncertain = 0 } = await house.statuses();
      return Date.now() - stopped > LEASE_MS && sent + uncertain === PEOPLE.length;
    }, within('the other worker to overtake it'));
    // Nobody but the one that stands still can know of those.
    expect((await house.statuses())['uncertain']).toBeGreaterThan(0);
    first.kill('SIGCONT');
    await waitFor(async () => (await house.statuses())['sent'] === PEOPLE.length, within('the late answers'));
    expect(house.copies()).toEqual(onceEach(PEOPLE));
  };

  const away = async () => {
    const house = await open();
    await house.plan();
    let died = 0;
    house.smtp.plan = ({ stage }) => {
      if (stage === 'dot' && died === 0) {
        died = Date.now();
        house.killRedis();
      }
      return undefined;
    };
    await house.work();
    await waitFor(() => died > 0, within('a message'));
    await waitFor(() => Date.now() - died > LEASE_MS + 2_000, within('the lease to run out'));
    await house.startRedis();
    await waitFor(
      async () => (await house.statuses())['sent'] === PEOPLE.length,
      within('everything', 90_000),
    );
    expect(house.copies()).toEqual(onceEach(PEOPLE));
  };

  await Promise.all([blocked(), away()]);
});

test('of two planners at once one is refused; one that lost its lock cannot write any more', async () => {
  const house = await open();
  let letGo = () => {};
  const gate = new Promise<void>((done) => {
    letGo = done;
  });
  // It stands still between its first rows and their jobs.
  const slow = house.plan({ queue: { ...house.queue, add: () => gate } });
  slow.catch(() => {});
  await waitFor(async () => (await house.rows()).length > 0, within('its first rows'));
  await expect(house.plan()).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LOCK_HELD', exitCode: 3 });

  await house.redis.del('rollcall:ledger:c:onboarding:lock');
  const taken = await house.plan();
  expect(taken).toMatchObject({ state: 'running', people: PEOPLE.length, counts: { queued: PEOPLE.length } });
  letGo();
  await expect(slow).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LOCK_LOST' });
  expect(await house.rows()).toHaveLength(PEOPLE.length);
  // The jobs that the first one never added are added at the start of any worker.
  await house.work();
  await waitFor(async () => (await house.statuses())['sent'] === PEOPLE.length, within('everything'));
  expect(house.copies()).toEqual(onceEach(PEOPLE));
});

const HOUR = 3_600_000;
test.each([
  ['ahead', HOUR],
  ['behind', -HOUR],
])('a machine whose clock is an hour %s sends to each person once', async (_, step) => {
  const house = await open();
  await house.plan();
  // Each first try is refused for the moment: the waits are where clocks come in.
  const tried = new Set<string>();
  house.smtp.plan = ({ stage, to }) => {
    if (stage !== 'dot' || tried.has(to)) return undefined;
    tried.add(to);
    return { do: 'reply', text: '451 4.3.0 Later' };
  };
  const wrong: Clock = { ...systemClock, now: () => Date.now() + step };
  const first = await house.work({ clock: wrong });
  await waitFor(() => tried.size === PEOPLE.length, within('the first tries'));
  await first.stop();
  const early = await house.statuses();
  expect(Object.keys(early).every((status) => status === 'deferred' || status === 'sent')).toBe(true);
  // Set right again; what BullMQ was told in the wrong time is lost with it, and the ledger knows better.
  for (const key of await house.redis.keys('rollcall:bull:*')) await house.redis.del(key);
  await house.work();
  await waitFor(async () => (await house.statuses())['sent'] === PEOPLE.length, within('everything'));
  expect(house.copies()).toEqual(onceEach(PEOPLE));
});

/** As on a full disk, no file grows beyond so many blocks of 512 bytes. Pipes and sockets are not files. */
const fullDisk = (blocks: number) => ['sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh'];

test('a full disk stops a plan before anything is written, and keeps no answer from the ledger', async () => {
  const house = await open(someone(60));
  // The file of people is read, and 60 of them do not fit into a spool of 512 bytes.
  const planned = await start(house, ['run', 'onboarding', '--json'], fullDisk(1)).finished;
  expect(JSON.parse(planned.stdout)).toMatchObject({ error: { code: 'ROLLCALL_ERR_SPOOL' } });
  expect(await house.rows()).toEqual([]);

  await house.plan();
  // The journal takes a few lines, then no more.
  const worker = start(house, ['work'], fullDisk(1));
  await waitFor(async () => (await house.statuses())['sent'] === 60, within('everything'));
  expect(worker.log()).toContain('the journal of accepted messages cannot be written');
  worker.kill('SIGTERM');
  expect((await worker.finished).code).toBe(0);
  expect(house.copies()).toEqual(onceEach(someone(60)));
});

test('the program tells when it was started in vain: Redis behind, with exit code 4', async () => {
  const house = await open();
  await house.plan();
  await house.redis.flushall();
  const { code, stdout } = await start(house, ['run', 'onboarding', '--wait', '--json']).finished;
  expect({ code, error: JSON.parse(stdout).error.code }).toEqual({
    code: 4,
    error: 'ROLLCALL_ERR_LEDGER_BEHIND',
  });
  expect(house.smtp.received).toEqual([]);
});
