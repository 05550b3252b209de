import type { JobsOptions } from 'bullmq';
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

const JOB = 'deliver';

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
    return { queue, addJobs };
  };
  let opened: ReturnType<typeof open> | undefined;
  const opening = () => {
    opened ??= open();
    return opened;
  };

  return {
    async add(deliveries, { first = false } = {}) {
      if (deliveries.length === 0) return;
      const { queue, addJobs } = await opening();
      const timestamp = clock.now();
      const now: { id: string; data: DeliveryJob }[] = [];
      const later: { name: string; data: DeliveryJob; opts: JobsOptions }[] = [];
      for (const { delivery, notBefore = 0 } of deliveries) {
        const [id, data] = [jobId(delivery), { delivery }];
        if (notBefore <= timestamp) now.push({ id, data });
        else later.push({ name: JOB, data, opts: { jobId: id, timestamp, delay: notBefore - timestamp } });
      }
      await addJobs(redis, queue, now, { name: JOB, timestamp, first });
      if (later.length > 0) await queue.addBulk(later);
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
