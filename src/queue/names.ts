/** Keys of BullMQ lie below the ledger's prefix, so that one setting separates two installations on one Redis. */
export const queuePrefix = (prefix: string): string => `${prefix}:bull`;

/** One queue serves the deliveries of all campaigns. */
export const DELIVERIES = 'deliveries';

/** The queue whose only jobs are the slots of the campaigns' schedules. */
export const SLOTS = 'slots';

/**
 * A job's id is its delivery's, so that adding a delivery twice gives one job. The letter in front keeps it from being
 * a number or one of BullMQ's own keys (`meta`, `wait`, …), which it would silently take for a duplicate.
 */
export const jobId = (delivery: string): string => `d-${delivery}`;
