import type { Ledger } from '../ledger/ledger.js';
import type { DeliveryQueue } from '../queue/delivery-queue.js';

export interface Scope {
  readonly campaign: string;
  /** Only this run of it. */
  readonly run?: string;
}

/** Lets a paused campaign or run go on: the deliveries that were parked get their jobs again. How many those were. */
export async function resume(
  context: { ledger: Ledger; queue: DeliveryQueue },
  scope: Scope,
  actor: string,
): Promise<number> {
  const parked = await context.ledger.resume(scope, { actor });
  await context.queue.add(parked.map((delivery) => ({ delivery })));
  return parked.length;
}
