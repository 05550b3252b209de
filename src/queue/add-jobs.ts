import { readFileSync } from 'node:fs';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { chunks } from '../lib/chunks.js';
import { createRedisScript } from '../lib/redis-script.js';

/** So many a call: some two milliseconds of Redis's time, during which nobody else is served. */
const CHUNK = 250;

const script = createRedisScript(readFileSync(new URL('./add-jobs.lua', import.meta.url), 'utf8'));

/**
 * Adds jobs that wait, many in a call: `addBulk` makes a call of each job, with all the queue's keys in it, which is ten times the
 * work here and four times in Redis. What lies in Redis afterwards is what `addBulk` leaves there (a test compares them), but for
 * events, of which there are none. A job that is there already is left as it is.
 */
export async function addJobs<Data>(
  redis: Redis,
  queue: Queue<Data>,
  jobs: readonly { readonly id: string; readonly data: Data }[],
  { name, timestamp, first }: { name: string; timestamp: number; first: boolean },
): Promise<void> {
  const keys = ['wait', 'marker', 'id', ''].map((key) => queue.toKey(key));
  const common = [first ? 'RPUSH' : 'LPUSH', name, JSON.stringify(first ? { lifo: true } : {}), timestamp];
  await Promise.all(
    [...chunks(jobs, CHUNK)].map((chunk) =>
      script.run(redis, keys, [...common, ...chunk.flatMap(({ id, data }) => [id, JSON.stringify(data)])]),
    ),
  );
}
