import { type JobsOptions, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { waitFor } from '../../src/lib/deadline.js';
import { silentLogger } from '../../src/lib/log.js';
import { createDeliveryQueue, type DeliveryQueue } from '../../src/queue/delivery-queue.js';
import { type Dispatcher, startDispatcher, type Turn } from '../../src/queue/dispatcher.js';
import { DELIVERIES, jobId, queuePrefix } from '../../src/queue/names.js';
import { useRedis } from '../support/redis.js';

const useServer = useRedis();

const within = { ms: 10_000, what: 'the queue to get there' };

async function withQueue(
  prefix: string,
  use: (queue: DeliveryQueue, start: (turn: (delivery: string) => Promise<Turn>) => void) => Promise<void>,
) {
  const { server, redis } = useServer();
  const blocking = new Redis({ path: server.path, maxRetriesPerRequest: null });
  const queue = createDeliveryQueue({ redis, prefix, clock: systemClock });
  const running: Dispatcher[] = [];
  try {
    await use(queue, (turn) => {
      running.push(
        startDispatcher({
          redis: blocking,
          prefix,
          concurrency: 1,
          clock: systemClock,
          log: silentLogger,
          turn,
        }),
      );
    });
  } finally {
    for (const dispatcher of running) await dispatcher.close();
    await queue.close();
    blocking.disconnect();
  }
}

test('a delivery that is added twice has one turn, and may be added again once its job is done', async () => {
  await withQueue('twice', async (queue, start) => {
    await queue.add([{ delivery: 'a' }, { delivery: 'b' }]);
    await queue.add([{ delivery: 'a' }]);
    expect(await queue.withoutJob(['a', 'b', 'c'])).toEqual(['c']);

    const turns: string[] = [];
    start(async (delivery) => {
      turns.push(delivery);
      return { kind: 'done' };
    });
    await waitFor(async () => (await queue.withoutJob(['a', 'b'])).length === 2, within);
    expect(turns.sort()).toEqual(['a', 'b']);

    await queue.add([{ delivery: 'a' }]);
    await waitFor(() => turns.length === 3, within);
  });
});

test('a delivery that is not to be sent before some time waits for it, and leaves no job behind', async () => {
  await withQueue('not-before', async (queue, start) => {
    const turns: string[] = [];
    await queue.add([{ delivery: 'a', notBefore: Date.now() + 300 }, { delivery: 'b' }]);
    expect(await queue.depth()).toEqual({ waiting: 1, delayed: 1, active: 0 });
    start(async (delivery) => {
      turns.push(delivery);
      return { kind: 'done' };
    });
    await waitFor(async () => (await queue.withoutJob(['a', 'b'])).length === 2, within);
    expect(turns).toEqual(['b', 'a']);
  });
});

test('jobs are kept as BullMQ itself keeps those of addBulk, but for the events that nobody reads', async () => {
  const { redis } = useServer();
  const clock = { ...systemClock, now: () => 1_790_000_000_000 };
  const ours = createDeliveryQueue({ redis, prefix: 'ours', clock });
  const theirs = new Queue(DELIVERIES, { connection: redis, prefix: queuePrefix('theirs') });
  const deliveries = Array.from({ length: 450 }, (_, n) => `b${n}`);
  const later = clock.now() + 60_000;
  try {
    await ours.add(deliveries.map((delivery) => ({ delivery })));
    await ours.add([{ delivery: 'urgent' }], { first: true });
    await ours.add([{ delivery: 'now' }, { delivery: 'later', notBefore: later }]);
    await ours.add([{ delivery: 'b7' }]); // a second time
    const add = (delivery: string, opts: JobsOptions = {}) =>
      theirs.add('deliver', { delivery }, { jobId: jobId(delivery), timestamp: clock.now(), ...opts });
    await theirs.addBulk(
      deliveries.map((delivery) => ({
        name: 'deliver',
        data: { delivery },
        opts: { jobId: jobId(delivery), timestamp: clock.now() },
      })),
    );
    await add('urgent', { lifo: true });
    await add('now');
    await add('later', { delay: 60_000 });

    const kept = async (prefix: string) => {
      const key = (name: string) => `${queuePrefix(prefix)}:${DELIVERIES}:${name}`;
      const { opts: _, ...job } = await redis.hgetall(key(jobId('b7')));
      const { opts: __, ...delayed } = await redis.hgetall(key(jobId('later')));
      return {
        job,
        delayed,
        waiting: await redis.lrange(key('wait'), '0', '-1'),
        later: await redis.zrange(key('delayed'), '0', '-1', 'WITHSCORES'),
        marker: await redis.zrange(key('marker'), '0', '-1', 'WITHSCORES'),
        keys: (await redis.keys(key('*')))
          .map((name) => name.slice(key('').length))
          .filter((name) => name !== 'events')
          .sort(),
      };
    };
    expect(await kept('ours')).toEqual(await kept('theirs'));
  } finally {
    await ours.close();
    await theirs.close();
  }
});

test('what is added first overtakes what waits', async () => {
  await withQueue('first', async (queue, start) => {
    await queue.add([{ delivery: 'a' }, { delivery: 'b' }]);
    await queue.add([{ delivery: 'urgent' }], { first: true });
    const turns: string[] = [];
    start(async (delivery) => {
      turns.push(delivery);
      return { kind: 'done' };
    });
    await waitFor(() => turns.length === 3, within);
    expect(turns[0]).toBe('urgent');
  });
});

test('a turn that asks for later, for a hold or for another go is followed by another one', async () => {
  await withQueue('again', async (queue, start) => {
    const answers: Turn[] = [
      { kind: 'later', at: Date.now() + 50 },
      { kind: 'hold', ms: 100 },
      { kind: 'back' },
      { kind: 'done' },
    ];
    let turns = 0;
    start(async () => {
      const answer = answers[turns];
      turns += 1;
      return answer ?? { kind: 'done' };
    });
    await queue.add([{ delivery: 'a' }]);
    await waitFor(async () => (await queue.withoutJob(['a'])).length === 1, within);
    expect(turns).toBe(answers.length);
  });
});

test('while the queue is held nobody has a turn', async () => {
  await withQueue('held', async (queue, start) => {
    await queue.hold(300);
    await queue.add([{ delivery: 'a' }]);
    const seen: (string | null)[] = [];
    start(async () => {
      seen.push(await useServer().redis.get('held:bull:deliveries:limiter'));
      return { kind: 'done' };
    });
    await waitFor(() => seen.length === 1, within);
    // The hold would show as the largest number there is; once it is over, BullMQ counts jobs under the same key.
    expect(seen).toEqual(['1']);
  });
});

test('nothing but the delivery is in the job', async () => {
  await withQueue('bare', async (queue) => {
    await queue.add([{ delivery: 'a' }]);
    const job = await useServer().redis.hgetall('bare:bull:deliveries:d-a');
    expect(JSON.parse(job['data'] ?? '')).toEqual({ delivery: 'a' });
  });
});
