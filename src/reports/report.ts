import type { RunDocument } from '../model/run.js';
import type { DeliveryStatus } from '../model/status.js';

/** One change of a delivery's status. Times are milliseconds since the epoch. */
export interface ReportChange {
  readonly at: number;
  readonly from: DeliveryStatus | undefined;
  readonly to: DeliveryStatus;
}

/** A delivery, as a report shows it. */
export interface ReportDelivery {
  readonly delivery: string;
  readonly run: string;
  readonly sequence: number;
  readonly status: DeliveryStatus;
  /** Why it was cancelled, or the code of what kept it from being sent. */
  readonly detail: string | undefined;
  readonly address: string;
  readonly alias: string;
  readonly pattern: string;
  readonly attempts: number;
  /** The server's last answer, in a line. */
  readonly reply: string | undefined;
  readonly queuedAt: number;
  readonly changedAt: number;
  /** The oldest first. */
  readonly history: readonly ReportChange[];
}

/** Why somebody got no delivery in the run that the report is about. */
export interface ReportRefusal {
  readonly outcome: 'skipped' | 'conflict';
  readonly reason: string;
  readonly code: string | undefined;
}

/** One person: with a delivery, or passed over, or both (written to earlier, and passed over since). */
export interface ReportRow {
  readonly person: string;
  readonly dn: string;
  readonly delivery: ReportDelivery | undefined;
  readonly passedOver: ReportRefusal | undefined;
}

export interface Report {
  readonly campaign: string;
  /** `run`: what this run did. `latest`: everybody's last delivery, whichever run it was of. */
  readonly scope: 'run' | 'latest';
  /** The run of the report; of `latest`, the last complete one, which says who was passed over. */
  readonly run: RunDocument | undefined;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  /** Everybody, a page at a time, in an order that is the same each time. To be read once. */
  readonly rows: AsyncIterable<readonly ReportRow[]>;
}

/** Writes a report, piece by piece. */
export type ReportFormat = (report: Report) => AsyncGenerator<string, void>;
