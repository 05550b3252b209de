import { expect, test } from 'vitest';
import type { Clock } from '../../src/lib/clock.js';
import { silentLogger } from '../../src/lib/log.js';
import { createRelayHold } from '../../src/queue/relay-hold.js';
import { useRedis } from '../support/redis.js';

const useServer = useRedis();

function fixture() {
  const time = { now: 1_000_000 };
  const clock: Clock = { now: () => time.now, sleep: async () => {} };
  const prefix = useServer().prefix();
  const { redis } = useServer();
  const told: string[] = [];
  const tell = (_: object, message: string) => void told.push(message);
  const log = { ...silentLogger, warn: tell, info: tell };
  const open = () => createRelayHold({ redis, prefix, clock, log });
  const [one, other] = [open(), open()];
  /** The wait is over. */
  const letPass = () => redis.del(`${prefix}:relay:hold`);
  return { one, other, time, letPass, told };
}

test('the wait grows with each failure after it, and those that fail meanwhile share it', async () => {
  const { one, other, letPass } = fixture();
  expect(await one.down('refused')).toBe(5_000);
  const shared = await other.down('refused');
  expect(shared).toBeGreaterThan(0);
  expect(shared).toBeLessThanOrEqual(5_000);
  const waits: number[] = [];
  for (let failure = 0; failure < 5; failure++) {
    await letPass();
    waits.push(await other.down('refused'));
  }
  expect(waits).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
});

test('tells since when, why, and when it is tried again, until a message is answered', async () => {
  const { one, other, time } = fixture();
  const begun = time.now;
  time.now += 100;
  await one.down('421 shutting down');
  expect(await other.trouble()).toEqual({
    since: time.now,
    until: time.now + 5_000,
    reason: '421 shutting down',
  });
  // A message that was on its way already.
  await one.up(begun);
  expect(await other.trouble()).toBeDefined();
  time.now += 5_000;
  await one.up(time.now);
  expect(await other.trouble()).toBeUndefined();
  expect(await other.down('refused')).toBe(5_000);
});

test('trouble is told once for all who meet it, and so is its end', async () => {
  const { one, other, time, told } = fixture();
  await Promise.all([one.down('refused'), one.down('refused'), other.down('refused')]);
  expect(told).toEqual(['the mail server takes nothing now: all workers wait']);
  time.now += 10_000;
  await one.up(time.now);
  await other.up(time.now);
  expect(told.slice(1)).toEqual(['the mail server takes messages again']);
});
