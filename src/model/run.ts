import type { DeliveryStatus, Outcome } from './status.js';

export type RunTrigger = 'manual' | 'schedule' | 'catch-up' | 'resend';
export type RunState = 'planning' | 'running' | 'paused' | 'done' | 'refused' | 'interrupted' | 'cancelled';

/** What became of a run: printed by `run --json`, kept for `status --run ID --json`. */
export interface RunDocument {
  readonly run: string;
  readonly campaign: string;
  readonly trigger: RunTrigger;
  readonly state: RunState;
  /** People read from the directory (for a re-send: people asked for). */
  readonly people: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly counts: Readonly<Record<DeliveryStatus, number>>;
  /** How many were skipped, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Of the unchanged: the status of their last delivery, so that who has no mail is visible. */
  readonly unchanged: Readonly<Partial<Record<DeliveryStatus, number>>>;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Why it was refused or cancelled, where it was; of a re-send, why it was asked for. */
  readonly reason: string | null;
  /** Who asked for a re-send. */
  readonly actor: string | null;
}
