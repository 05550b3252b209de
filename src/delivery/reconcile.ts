import type { Ledger } from '../ledger/ledger.js';
import type { Logger } from '../lib/log.js';
import type { DeliveryQueue } from '../queue/delivery-queue.js';

const SWEEP = 500;

/**
 * Makes the queue agree with the ledger: every open delivery without a live job gets one. A crash between the ledger and the queue, a job that BullMQ lost, a Redis restored from the AOF: all end here.
 * @returns how many deliveries got a job.
 */
export async function reconcile(context: {
  ledger: Ledger;
  queue: DeliveryQueue;
  log: Logger;
}): Promise<number> {
  const { ledger, queue, log } = context;
  await sweep(context);
  let added = 0;
  for await (const page of ledger.open()) {
    const missing = new Set(await queue.withoutJob(page.map(({ delivery }) => delivery)));
    if (missing.size === 0) continue;
    await queue.add(page.filter(({ delivery }) => missing.has(delivery)));
    added += missing.size;
  }
  if (added > 0)
    log.info({ deliveries: added }, 'open deliveries without a job were put back into the queue');
  return added;
}

/** Settles leases that are over and gives jobs to what a canary or a dead worker let go. Cheap enough for every other second. */
export async function sweep({ ledger, queue }: { ledger: Ledger; queue: DeliveryQueue }): Promise<void> {
  for (;;) {
    const swept = await ledger.sweep(SWEEP);
    await queue.add(swept.map((delivery) => ({ delivery })));
    if (swept.length < SWEEP) return;
  }
}
