import { type DeliveryStatus, emptyCounts } from '../model/status.js';
import type { ReportRow } from './report.js';

export interface ReportTally {
  /** Deliveries in the report, by status, zeros too. */
  readonly counts: Record<DeliveryStatus, number>;
  /** People without any delivery in the report, by the reason. */
  readonly skipped: Record<string, number>;
  /** People without any delivery in the report, who share an alias with somebody. */
  conflict: number;
  people: number;
}

export function createTally(): ReportTally {
  return { counts: emptyCounts(), skipped: {}, conflict: 0, people: 0 };
}

/** Counts one person once: by the delivery, where there is one. */
export function count(tally: ReportTally, { delivery, passedOver }: ReportRow): void {
  tally.people += 1;
  if (delivery) tally.counts[delivery.status] += 1;
  else if (passedOver?.outcome === 'conflict') tally.conflict += 1;
  else if (passedOver) tally.skipped[passedOver.reason] = (tally.skipped[passedOver.reason] ?? 0) + 1;
}
