import { DelayedError, type Job, Queue, RateLimitError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.js';
import { messageOf } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import type { DeliveryJob } from './delivery-queue.js';
import { DELIVERIES, queuePrefix } from './names.js';
import { withoutEvents } from './without-events.js';

/** What is to become of the job, once a delivery has had its turn. */
export type Turn =
  /** The ledger says what became of the delivery; the job ends. */
  | { readonly kind: 'done' }
  /** Again at that time, in milliseconds. */
  | { readonly kind: 'later'; readonly at: number }
  /** Nobody's turn for that many milliseconds: the relay is down. The job goes back without an attempt used. */
  | { readonly kind: 'hold'; readonly ms: number }
  /** Back to the front at once: this process is about to stop. */
  | { readonly kind: 'back' };

export interface Dispatcher {
  /** Takes no further job, waits for those in hand, and closes. The caller sees to it that they end in time. */
  close(): Promise<void>;
}

export interface DispatcherOptions {
  /** Made for blocking commands: `maxRetriesPerRequest` must be null. */
  readonly redis: Redis;
  readonly prefix: string;
  readonly concurrency: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Must not throw but for faults of ours: those are logged and the delivery has another turn later. */
  readonly turn: (delivery: string) => Promise<Turn>;
}

/** A job that met a fault of ours waits this long, so that a fault that stays does not spin. */
const AFTER_FAULT_MS = 30_000;

/**
 * How long a job is ours without a sign of life. Short, since the ledger and not BullMQ keeps a message from being sent
 * twice: a job that stalled is simply taken again, and asks the ledger.
 */
const LOCK_MS = 10_000;

/** Where Redis does not give out jobs, it is asked again after this long. */
const AFTER_TROUBLE_MS = 2_000;

/** The pace is the relay's business, not the queue's; but a queue is held only for workers that have some limit (BullMQ 6.7). */
const NO_LIMIT = { max: 1_000_000_000, duration: 1_000 };

/** Hands deliveries to `turn`, so many at once, and tells BullMQ what became of each. */
export function startDispatcher({
  redis,
  prefix,
  concurrency,
  clock,
  log,
  turn,
}: DispatcherOptions): Dispatcher {
  const options = { connection: withoutEvents(redis), prefix: queuePrefix(prefix) };
  const queue = new Queue<DeliveryJob>(DELIVERIES, options);

  const process = async (job: Job<DeliveryJob, null>, token?: string): Promise<null> => {
    const next = await turn(job.data.delivery).catch((error): Turn => {
      log.error(
        { delivery: job.data.delivery, error: messageOf(error) },
        'the delivery met a fault; it has another turn',
      );
      return { kind: 'later', at: clock.now() + AFTER_FAULT_MS };
    });
    switch (next.kind) {
      case 'done':
        // Never more than this: what a processor returns is serialised, and a failure to do so runs the job again.
        return null;
      case 'later':
        await job.moveToDelayed(next.at, token);
        throw new DelayedError();
      case 'hold':
        await queue.rateLimit(next.ms);
        throw new RateLimitError();
      case 'back':
        await job.moveToWait(token);
        throw new WaitingError();
    }
  };

  const worker = new Worker<DeliveryJob, null>(DELIVERIES, process, {
    ...options,
    concurrency,
    limiter: NO_LIMIT,
    lockDuration: LOCK_MS,
    runRetryDelay: AFTER_TROUBLE_MS,
    stalledInterval: LOCK_MS,
    // A job may stall as often as workers die; failing it would only hide the delivery from the queue.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    // The ledger is the authority, and a job id that lingers would make the reconciler's new job a silent duplicate.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  const onError = (error: Error) => log.warn({ error: error.message }, 'the queue reports a fault');
  worker.on('error', onError);
  queue.on('error', onError);

  return {
    async close() {
      await worker.close();
      await queue.close();
    },
  };
}
