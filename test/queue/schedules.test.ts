import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/lib/clock.js';
import { systemClock } from '../../src/lib/clock.js';
import { waitFor } from '../../src/lib/deadline.js';
import { silentLogger } from '../../src/lib/log.js';
import {
  createSchedules,
  type ScheduleDefinition,
  type Schedules,
  startSlotWorker,
} from '../../src/queue/schedules.js';
import { useRedis } from '../support/redis.js';

const useServer = useRedis();
const within = { ms: 10_000, what: 'the slot to have its turn' };
const nightly: ScheduleDefinition = { campaign: 'nightly', cron: '30 2 * * *', timezone: 'Europe/London' };
const everySecond: ScheduleDefinition = { campaign: 'often', cron: '* * * * * *', timezone: 'UTC' };

async function withSchedules(
  use: (schedules: Schedules, prefix: string) => Promise<void>,
  clock: Clock = systemClock,
) {
  const prefix = useServer().prefix();
  const schedules = createSchedules({ redis: useServer().redis, prefix, clock, log: silentLogger });
  try {
    await use(schedules, prefix);
  } finally {
    await schedules.close();
  }
}

/** Collects the slots that come up until there are so many. */
async function collect(prefix: string, count: number): Promise<{ campaign: string; at: number }[]> {
  const redis = new Redis({ path: useServer().server.path, maxRetriesPerRequest: null });
  const slots: { campaign: string; at: number }[] = [];
  const worker = startSlotWorker({
    redis,
    prefix,
    log: silentLogger,
    turn: async (slot) => {
      slots.push(slot);
      return { kind: 'done' };
    },
  });
  try {
    await waitFor(() => slots.length >= count, within);
  } finally {
    await worker.close();
    redis.disconnect();
  }
  return slots;
}

/** Pretends that the next slot of a campaign came up at that instant and nobody was there to run it. */
async function letSlotPass(prefix: string, campaign: string, at: number) {
  const { redis } = useServer();
  const key = `${prefix}:bull:slots`;
  await redis.zadd(`${key}:repeat`, at, campaign);
}

test('a schedule has a next slot, and one that is removed has none', async () => {
  await withSchedules(async (schedules) => {
    await schedules.sync([nightly]);
    const next = await schedules.next('nightly');
    const time = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeStyle: 'short' }).format(
      next,
    );
    expect(time).toBe('02:30');
    await schedules.sync([]);
    expect(await schedules.next('nightly')).toBeUndefined();
  });
});

test('the schedule of a campaign that cannot be read at the moment stays', async () => {
  await withSchedules(async (schedules) => {
    await schedules.sync([nightly]);
    await schedules.sync([], { keep: ['nightly'] });
    expect(await schedules.next('nightly')).toBeDefined();
  });
});

test('a slot that is being tried again does not hide that the chain behind it is dead', async () => {
  await withSchedules(async (schedules, prefix) => {
    await schedules.sync([nightly]);
    // The next slot's job is gone; one of an earlier slot still waits for its second try.
    const key = `${prefix}:bull:slots`;
    await useServer().redis.del(`${key}:delayed`);
    await useServer().redis.zadd(`${key}:delayed`, '1', 'repeat:nightly:1');
    await useServer().redis.hset(`${key}:repeat:nightly:1`, {
      name: 'slot',
      data: '{"campaign":"nightly"}',
      opts: '{}',
    });
    expect(await schedules.mend([nightly])).toEqual(['nightly']);
  });
});

test('slots come with the instant that they stand for', async () => {
  await withSchedules(async (schedules, prefix) => {
    await schedules.sync([everySecond]);
    const slots = await collect(prefix, 2);
    expect(slots.map(({ campaign }) => campaign)).toEqual(['often', 'often']);
    expect(slots.every(({ at }) => at % 1_000 === 0)).toBe(true);
    expect((slots[1]?.at ?? 0) > (slots[0]?.at ?? 0)).toBe(true);
  });
});

test('the same definition again leaves an overdue slot as it is', async () => {
  await withSchedules(async (schedules, prefix) => {
    await schedules.sync([nightly]);
    const overdue = Date.now() - 3_600_000;
    await letSlotPass(prefix, 'nightly', overdue);
    await schedules.sync([nightly]);
    expect(await schedules.next('nightly')).toBe(overdue);
  });
});

test('a changed definition runs the overdue slot once, under its own instant, and goes on with the new one', async () => {
  await withSchedules(async (schedules, prefix) => {
    await schedules.sync([nightly]);
    const overdue = Date.now() - 3_600_000;
    await letSlotPass(prefix, 'nightly', overdue);
    await schedules.sync([{ ...nightly, cron: '0 4 * * *' }]);
    const slots = await collect(prefix, 1);
    expect(slots).toEqual([{ campaign: 'nightly', at: overdue }]);
    expect((await schedules.next('nightly')) ?? 0).toBeGreaterThan(Date.now());
  });
});

test('a chain whose job is gone is found dead and mended', async () => {
  await withSchedules(async (schedules, prefix) => {
    await schedules.sync([nightly]);
    expect(await schedules.mend([nightly])).toEqual([]);
    await useServer().redis.del(`${prefix}:bull:slots:delayed`);
    expect(await schedules.mend([nightly])).toEqual(['nightly']);
    expect(await schedules.mend([nightly])).toEqual([]);
  });
});

test('a slot that is to be tried again keeps its instant', async () => {
  await withSchedules(async (schedules, prefix) => {
    await schedules.sync([everySecond]);
    const redis = new Redis({ path: useServer().server.path, maxRetriesPerRequest: null });
    const seen: number[] = [];
    const worker = startSlotWorker({
      redis,
      prefix,
      log: silentLogger,
      turn: async ({ at }) => {
        seen.push(at);
        return seen.filter((other) => other === at).length === 1
          ? { kind: 'again', at: Date.now() + 10 }
          : { kind: 'done' };
      },
    });
    await waitFor(() => seen.filter((at) => at === seen[0]).length === 2, within);
    await worker.close();
    redis.disconnect();
  });
});
