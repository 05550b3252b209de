import { setMaxListeners } from 'node:events';
import type { Redis } from 'ioredis';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../lib/clock.js';
import { withDeadline } from '../lib/deadline.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import type { DeliveryQueue } from '../queue/delivery-queue.js';
import { startDispatcher } from '../queue/dispatcher.js';
import { createDeliver, type DeliverContext } from './deliver.js';
import { reconcile, sweep } from './reconcile.js';

export interface WorkerContext extends Omit<DeliverContext, 'stopping'> {
  /** Made for blocking commands. */
  readonly redis: Redis;
  readonly prefix: string;
  readonly queue: DeliveryQueue;
  readonly concurrency: number;
}

export interface DeliveryWorker {
  /** Aborted, with ROLLCALL_ERR_LEDGER_BEHIND as the reason, once the ledger is gone: nothing is sent from then on. */
  readonly lost: AbortSignal;
  /** Takes nothing more, puts back what has not begun, waits for what has, for at most {@link STOP_MS}. */
  stop(): Promise<void>;
}

/** How often the queue is made to agree with the ledger. */
const RECONCILE_EVERY_MS = 60_000;

/**
 * After trouble with Redis, so much time for the owners of deliveries to renew their leases and to record what they know,
 * before anybody calls them dead.
 */
const GRACE_MS = 5_000;

/** How soon a canary's other deliveries, or those of a worker that died, go on once they may. */
const SWEEP_EVERY_MS = 2_000;

/**
 * A relay that has the whole message may take its time with the answer. Longer than this is not waited for at a stop: the
 * ledger then says `uncertain`, which is the truth.
 */
const STOP_MS = 60_000;

/** Replays the journal, makes the queue agree with the ledger, and works until it is stopped. */
export async function startWorker(context: WorkerContext): Promise<DeliveryWorker> {
  const { ledger, queue, log, clock } = context;
  const replayed = await context.journal.replay(ledger);
  if (replayed > 0)
    log.info({ deliveries: replayed }, 'accepted messages of an earlier process were recorded');
  await reconcile({ ledger, queue, log });

  const stopping = new AbortController();
  const lost = new AbortController();
  // Every delivery in hand listens for the stop.
  setMaxListeners(0, stopping.signal);
  const deliver = createDeliver({ ...context, stopping: stopping.signal });
  const inHand = new Set<Promise<unknown>>();
  const dispatcher = startDispatcher({
    redis: context.redis,
    prefix: context.prefix,
    concurrency: context.concurrency,
    clock,
    log,
    turn: (delivery) => {
      const turn = deliver(delivery);
      inHand.add(turn);
      turn.catch(() => {}).finally(() => inHand.delete(turn));
      return turn;
    },
  });
  const reconciling = keepReconciling({ ledger, queue, log, clock }, stopping.signal).catch((error) => {
    log.error({ error: messageOf(error) }, 'the ledger is gone; nothing more is sent');
    stopping.abort();
    lost.abort(error);
  });

  return {
    lost: lost.signal,
    async stop() {
      stopping.abort();
      await withDeadline(dispatcher.close(), STOP_MS, 'messages in flight to be answered').catch((error) =>
        log.warn(
          { error: messageOf(error), deliveries: inHand.size },
          'stopping without the answer to some messages',
        ),
      );
      await reconciling;
    },
  };
}

/** @throws ROLLCALL_ERR_LEDGER_BEHIND; whatever else goes wrong is logged and may pass. */
async function keepReconciling(
  context: { ledger: Ledger; queue: DeliveryQueue; log: Logger; clock: Clock },
  stopping: AbortSignal,
): Promise<void> {
  const { clock, log } = context;
  let lastReconcile = clock.now();
  for (;;) {
    await clock.sleep(SWEEP_EVERY_MS, stopping).catch(() => {});
    if (stopping.aborted) return;
    try {
      await sweep(context);
      if (clock.now() - lastReconcile < RECONCILE_EVERY_MS) continue;
      lastReconcile = clock.now();
      await reconcile(context);
    } catch (error) {
      if (error instanceof RollcallError && error.code === 'ROLLCALL_ERR_LEDGER_BEHIND') throw error;
      log.warn({ error: messageOf(error) }, 'the queue could not be compared with the ledger');
      await clock.sleep(GRACE_MS, stopping).catch(() => {});
    }
  }
}
