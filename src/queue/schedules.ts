import { DelayedError, type Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/log.js';
import { queuePrefix, SLOTS } from './names.js';
import { withoutEvents } from './without-events.js';

/** When a campaign runs. */
export interface ScheduleDefinition {
  readonly campaign: string;
  readonly cron: string;
  readonly timezone: string;
}

/** The schedules of all campaigns: one BullMQ job scheduler each, whose jobs are the slots. */
export interface Schedules {
  /**
   * Makes the schedulers those of the definitions: changes only what changed, removes what is gone. Those of the campaigns
   * in `keep` stay as they are.
   */
  sync(definitions: readonly ScheduleDefinition[], options?: { keep?: readonly string[] }): Promise<void>;
  /** Starts chains again that died: a scheduler without a job to come. The campaigns whose chain was mended. */
  mend(definitions: readonly ScheduleDefinition[]): Promise<string[]>;
  /** The instant of the next slot, in milliseconds, or undefined where the campaign has no schedule running. */
  next(campaign: string): Promise<number | undefined>;
  close(): Promise<void>;
}

interface SlotJob {
  readonly campaign: string;
  /** Set on a slot that was taken over by hand from a changed schedule; otherwise the scheduler's own instant counts. */
  readonly slot?: number;
}

const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true } as const;
/** A scheduler whose next instant is this long ago, without a job that stands for it, has lost its chain. */
const DEAD_AFTER_MS = 5 * 60_000;
const LIVE: ReadonlySet<string> = new Set(['delayed', 'waiting', 'active', 'prioritized']);

/** The id that BullMQ gives the job of a scheduler's slot. */
const slotJobId = (campaign: string, at: number) => `repeat:${campaign}:${at}`;

export function createSchedules(context: {
  redis: Redis;
  prefix: string;
  clock: Clock;
  log: Logger;
}): Schedules {
  const { clock, log } = context;
  const queue = new Queue<SlotJob>(SLOTS, {
    connection: withoutEvents(context.redis),
    prefix: queuePrefix(context.prefix),
  });
  queue.on('error', (error) => log.warn({ error: error.message }, 'the schedules report a fault'));

  const upsert = ({ campaign, cron, timezone }: ScheduleDefinition) =>
    queue.upsertJobScheduler(
      campaign,
      { pattern: cron, tz: timezone },
      { name: 'slot', data: { campaign }, opts: JOB_OPTIONS },
    );

  /** Changing a scheduler drops its overdue slot: that one is kept as a job of its own, under its own instant. */
  const keepOverdue = async (campaign: string, next: number | undefined) => {
    if (next === undefined || next >= clock.now()) return;
    await queue.add(
      'slot',
      { campaign, slot: next },
      { ...JOB_OPTIONS, jobId: `overdue-${campaign}-${next}` },
    );
  };

  return {
    async sync(definitions, { keep = [] } = {}) {
      const wanted = new Set([...definitions.map(({ campaign }) => campaign), ...keep]);
      for (const { key } of await queue.getJobSchedulers()) {
        if (!wanted.has(key)) await queue.removeJobScheduler(key);
      }
      for (const definition of definitions) {
        const current = await queue.getJobScheduler(definition.campaign);
        if (current?.pattern === definition.cron && current.tz === definition.timezone) continue;
        await keepOverdue(definition.campaign, current?.next);
        await upsert(definition);
      }
    },

    async mend(definitions) {
      const mended: string[] = [];
      for (const definition of definitions) {
        const { campaign } = definition;
        const current = await queue.getJobScheduler(campaign);
        const job =
          current?.next === undefined ? undefined : await queue.getJob(slotJobId(campaign, current.next));
        if (job !== undefined && LIVE.has(await job.getState())) continue;
        // Just now between two jobs? Then the next instant is not long past.
        if (
          current?.next !== undefined &&
          current.next > clock.now() - DEAD_AFTER_MS &&
          current.next < clock.now()
        )
          continue;
        await keepOverdue(campaign, current?.next);
        // What is left of the lost job would keep the new one of the same instant from being made.
        await queue.removeJobScheduler(campaign);
        await job?.remove();
        await upsert(definition);
        mended.push(campaign);
      }
      return mended;
    },

    async next(campaign) {
      return (await queue.getJobScheduler(campaign))?.next;
    },

    async close() {
      await queue.close();
    },
  };
}

/** What became of a slot: done with, or to be tried again at that instant (milliseconds). */
export type SlotTurn = { readonly kind: 'done' } | { readonly kind: 'again'; readonly at: number };

export interface SlotWorker {
  /** Waits for the slot in hand. */
  close(): Promise<void>;
}

/** Hands each slot that is due to `turn`, with the instant that it stands for. */
export function startSlotWorker(context: {
  readonly redis: Redis;
  readonly prefix: string;
  readonly log: Logger;
  readonly turn: (slot: { campaign: string; at: number }) => Promise<SlotTurn>;
}): SlotWorker {
  const process = async (job: Job<SlotJob, null>, token?: string): Promise<null> => {
    // BullMQ keeps the instant of a scheduler's job in `prevMillis`; the time stamps tell when it was added.
    const at = job.data.slot ?? job.opts.prevMillis ?? job.timestamp;
    const next = await context.turn({ campaign: job.data.campaign, at });
    if (next.kind === 'done') return null;
    await job.moveToDelayed(next.at, token);
    throw new DelayedError();
  };
  const worker = new Worker<SlotJob, null>(SLOTS, process, {
    connection: withoutEvents(context.redis),
    prefix: queuePrefix(context.prefix),
    // Campaigns plan side by side; two runs of one are kept apart by the planner's lock.
    concurrency: 4,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  worker.on('error', (error) => context.log.warn({ error: error.message }, 'the schedules report a fault'));
  return {
    async close() {
      await worker.close();
    },
  };
}
