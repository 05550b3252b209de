/** Delivery statuses, after Postfix and RFC 3464, in the order in which people read them. */
export const deliveryStatuses = [
  'queued',
  'sending',
  'sent',
  'deferred',
  'failed',
  'uncertain',
  'delivered',
  'bounced',
  'suppressed',
  'cancelled',
  'expired',
] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Not yet final: something of Rollcall's will still happen to the delivery. */
export const openStatuses = ['queued', 'sending', 'deferred'] as const satisfies readonly DeliveryStatus[];

export type CancelReason = 'admin' | 'superseded' | 'gone' | 'disabled' | 'skipped' | 'conflict';

/** What became, in one run, of the people who get no delivery. */
export type Outcome = 'unchanged' | 'skipped' | 'conflict';

/** True once nothing of Rollcall's will happen to the delivery any more (a DSN still may). */
export function isFinal(status: DeliveryStatus): boolean {
  return status !== 'queued' && status !== 'sending' && status !== 'deferred';
}

/** A count for every status, zeros too. */
export function emptyCounts(): Record<DeliveryStatus, number> {
  return Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as Record<DeliveryStatus, number>; // fromEntries widens the keys
}
