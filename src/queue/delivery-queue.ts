import type { JobJson } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.js';
import { DELIVERIES, jobId, queuePrefix } from './names.js';
import { withoutEvents } from './without-events.js';

/** What a job carries: nothing but where to look in the ledger. */
export interface DeliveryJob {
  readonly delivery: string;
}

export interface QueuedDelivery {
  readonly delivery: string;
  /** Milliseconds since the epoch; now where it is left out. */
  readonly notBefore?: number;
}

/** The queue as planning, steering and the workers fill it. */
export interface DeliveryQueue {
  /** Adds a job for each that has none yet. `first` puts them before all that wait. Safe to repeat. */
  add(deliveries: readonly QueuedDelivery[], options?: { first?: boolean }): Promise<void>;
  /** Those of the deliveries that have no live job. */
  withoutJob(deliveries: readonly string[]): Promise<string[]>;
  /** No worker takes a job for that many milliseconds. */
  hold(ms: number): Promise<void>;
  /** Jobs by state, for `status`. */
  depth(): Promise<{ waiting: number; delayed: number; active: number }>;
  close(): Promise<void>;
}

export function createDeliveryQueue(context: { redis: Redis; prefix: string; clock: Clock }): DeliveryQueue {
  const { redis, clock } = context;
  const open = async () => {
    // Loaded once it is needed: a night on which nobody is new adds no job, and most commands none at all.
    const [bullmq, { addJobs }] = await Promise.all([import('bullmq'), import('./add-jobs.js')]);
    const queue = new bullmq.Queue<DeliveryJob>(DELIVERIES, {
      connection: withoutEvents(redis),
      prefix: queuePrefix(context.prefix),
    });
    // Without a listener a lost connection would be an uncaught exception; the commands themselves report it.
    queue.on('error', () => {});
    await queue.waitUntilReady();
    return { queue, add: (jobs: readonly JobJson[]) => addJobs(redis, queue.getBackend(), jobs) };
  };
  let opened: ReturnType<typeof open> | undefined;
  const opening = () => {
    opened ??= open();
    return opened;
  };

  return {
    async add(deliveries, { first = false } = {}) {
      if (deliveries.length === 0) return;
      const { add } = await opening();
      const now = clock.now();
      await add(
        deliveries.map(({ delivery, notBefore = 0 }) =>
          newJob(delivery, now, {
            ...(first && { lifo: true }),
            ...(notBefore > now && { delay: notBefore - now }),
          }),
        ),
      );
    },

    async withoutJob(deliveries) {
      if (deliveries.length === 0) return [];
      const { queue } = await opening();
      const pipeline = redis.pipeline();
      for (const delivery of deliveries) pipeline.exists(queue.toKey(jobId(delivery)));
      const replies = (await pipeline.exec()) ?? [];
      return deliveries.filter((_, index) => {
        const [error, exists] = replies[index] ?? [];
        if (error) throw error;
        return exists === 0;
      });
    },

    async hold(ms) {
      await (await opening()).queue.rateLimit(ms);
    },

    async depth() {
      const { queue } = await opening();
      const counts = await queue.getJobCounts('waiting', 'delayed', 'active');
      return {
        waiting: counts['waiting'] ?? 0,
        delayed: counts['delayed'] ?? 0,
        active: counts['active'] ?? 0,
      };
    },

    async close() {
      await (await opened)?.queue.close();
    },
  };
}

/** A job as BullMQ keeps it. Made here and not by `addBulk`, whose `Job` objects a hundred thousand deliveries would only throw away. */
function newJob(delivery: string, now: number, opts: JobJson['opts']): JobJson {
  const data: DeliveryJob = { delivery };
  return {
    id: jobId(delivery),
    name: 'deliver',
    data: JSON.stringify(data),
    opts,
    timestamp: now,
    progress: 0,
    attemptsMade: 0,
    attemptsStarted: 0,
    stalledCounter: 0,
    failedReason: '',
    returnvalue: '',
  };
}
