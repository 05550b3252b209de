import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { waitFor } from '../../src/lib/deadline.js';
import { silentLogger } from '../../src/lib/log.js';
import { createSchedules, type ScheduleDefinition, startSlotWorker } from '../../src/queue/schedules.js';
import { useRedis } from '../support/redis.js';

const useServer = useRedis();

// Only what the time is: waiting goes on as ever.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

/** Lives through the nights from an instant on, and gives the instants of the slots that came up. */
async function liveThrough(definition: ScheduleDefinition, from: string, nights: number): Promise<string[]> {
  vi.setSystemTime(from);
  const prefix = useServer().prefix();
  const clock = systemClock;
  const schedules = createSchedules({ redis: useServer().redis, prefix, clock, log: silentLogger });
  const blocking = new Redis({ path: useServer().server.path, maxRetriesPerRequest: null });
  const slots: number[] = [];
  try {
    await schedules.sync([definition]);
    for (let night = 1; night <= nights; night++) {
      vi.setSystemTime(((await schedules.next(definition.campaign)) ?? 0) + 1_000);
      const worker = startSlotWorker({
        redis: blocking,
        prefix,
        log: silentLogger,
        turn: async ({ at }) => {
          slots.push(at);
          return { kind: 'done' };
        },
      });
      await waitFor(() => slots.length >= night, { ms: 10_000, what: 'the slot' });
      await worker.close();
      // The same definition, as every process that starts has it, and the watchdog: neither adds a slot.
      await schedules.sync([definition]);
      expect(await schedules.mend([definition])).toEqual([]);
    }
  } finally {
    await schedules.close();
    blocking.disconnect();
  }
  return slots.map((at) => new Date(at).toISOString());
}

const at = (cron: string, timezone: string) => ({ campaign: 'nightly', cron, timezone });

test.each([
  [
    'Berlin, forwards: 02:30 is not there, and the slot is an hour later',
    at('30 2 * * *', 'Europe/Berlin'),
    '2027-03-26T12:00:00Z',
    ['2027-03-27T01:30:00.000Z', '2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z'],
  ],
  [
    'Berlin, backwards: 02:30 comes twice, and the slot once',
    at('30 2 * * *', 'Europe/Berlin'),
    '2027-10-29T12:00:00Z',
    ['2027-10-30T00:30:00.000Z', '2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z'],
  ],
  [
    'London, forwards: 02:30 is there, an hour earlier by UTC',
    at('30 2 * * *', 'Europe/London'),
    '2027-03-26T12:00:00Z',
    ['2027-03-27T02:30:00.000Z', '2027-03-28T01:30:00.000Z', '2027-03-29T01:30:00.000Z'],
  ],
  [
    'London, backwards: 01:30 comes twice, and the slot once',
    at('30 1 * * *', 'Europe/London'),
    '2027-10-29T12:00:00Z',
    ['2027-10-30T00:30:00.000Z', '2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z'],
  ],
])('%s', async (_, definition, from, expected) => {
  expect(await liveThrough(definition, from, expected.length)).toEqual(expected);
});

test('after days without any process the overdue slot comes once, under its own instant, and the others are left out', async () => {
  vi.setSystemTime('2027-06-01T12:00:00Z');
  const prefix = useServer().prefix();
  const definition = at('30 2 * * *', 'UTC');
  const schedules = createSchedules({
    redis: useServer().redis,
    prefix,
    clock: systemClock,
    log: silentLogger,
  });
  await schedules.sync([definition]);
  vi.setSystemTime('2027-06-05T12:00:00Z');
  await schedules.sync([definition]);
  expect(await schedules.mend([definition])).toEqual([]);

  const slots: string[] = [];
  const connections = [1, 2].map(
    () => new Redis({ path: useServer().server.path, maxRetriesPerRequest: null }),
  );
  const workers = connections.map((redis) =>
    startSlotWorker({
      redis,
      prefix,
      log: silentLogger,
      turn: async (slot) => {
        slots.push(new Date(slot.at).toISOString());
        return { kind: 'done' };
      },
    }),
  );
  const next = async () => new Date((await schedules.next('nightly')) ?? 0).toISOString();
  await waitFor(async () => (await next()) === '2027-06-06T02:30:00.000Z', { ms: 10_000, what: 'the chain' });
  for (const worker of workers) await worker.close();
  for (const redis of connections) redis.disconnect();
  await schedules.close();
  expect(slots).toEqual(['2027-06-02T02:30:00.000Z']);
});
