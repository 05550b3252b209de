import type { Secret } from '../lib/secret.js';
import type { RunDocument, RunState, RunTrigger } from '../model/run.js';
import type { CancelReason, DeliveryStatus, Outcome } from '../model/status.js';

/** What the ledger knows of a person of a campaign: the last delivery, and the hashes that let a run skip the rest. */
export interface KnownPerson {
  readonly delivery: string;
  /** The run that the last delivery was planned by: an interrupted run meets its own deliveries again. */
  readonly run: string;
  readonly sequence: number;
  readonly status: DeliveryStatus;
  /** Why it was cancelled, or failed; undefined where there is no more to say. */
  readonly detail: CancelReason | FailureDetail | undefined;
  readonly revision: string;
  /** Keyed hash of the raw attributes and the campaign, as of the last run. */
  readonly fingerprint: string;
  /** Eight bytes, in hex, of the keyed hash of the folded alias. */
  readonly aliasHash: string;
  /** The address written to last time. */
  readonly address: string;
}

/** The planner's lock of one campaign: fenced, so that a planner that lost it cannot write. */
export interface PlannerLock {
  readonly campaign: string;
  readonly token: string;
  /** @throws ROLLCALL_ERR_LOCK_LOST when another planner has taken over. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

export interface RunStart {
  readonly run: string;
  readonly trigger: RunTrigger;
  /** The scheduled instant, in milliseconds: at most one run is ever planned for it. */
  readonly slot?: number;
  /** For a re-send: why, and who asked. */
  readonly reason?: string;
  readonly actor?: string;
  /** The first so many deliveries go alone; the rest only when none of them failed, else the run is paused. */
  readonly canary?: number;
  /** 0 to 1: once twenty deliveries of the run are final, a larger share of failed ones pauses the campaign. */
  readonly maxFailed?: number;
  /** What becomes of an uncertain delivery; `resend` queues it once again, `resendAfterMs` later. Default `hold`. */
  readonly uncertain?: 'hold' | 'resend';
  /** Time for a late answer or a DSN before a doubtful delivery goes again, in milliseconds. Default 15 minutes. */
  readonly resendAfterMs?: number;
}

export interface PlanEntry {
  readonly person: string;
  readonly dn: string;
  readonly pattern: string;
  readonly alias: string;
  readonly address: string;
  readonly revision: string;
  readonly fingerprint: string;
  readonly aliasHash: string;
  /** The sequence number this plan was made against; 0 for a person never written to. */
  readonly expectedSequence: number;
  /** What the mail is rendered from. Sealed by the ledger before it leaves the process. */
  readonly payload: Secret;
}

export type PlanResult =
  | {
      readonly kind: 'planned';
      readonly person: string;
      readonly delivery: string;
      readonly sequence: number;
    }
  /** This run planned it before it was interrupted. */
  | {
      readonly kind: 'already';
      readonly person: string;
      readonly delivery: string;
      readonly sequence: number;
    }
  /** Somebody else wrote a newer sequence number meanwhile. */
  | { readonly kind: 'stale'; readonly person: string };

export interface RunTotals {
  readonly state: Extract<RunState, 'running' | 'refused' | 'interrupted'>;
  readonly people: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly skipped: Readonly<Record<string, number>>;
  readonly unchanged: Readonly<Partial<Record<DeliveryStatus, number>>>;
  readonly reason?: string;
}

/** Who gets no delivery, and why: kept with the run for `report` and `why`. */
export interface PassedOver {
  readonly person: string;
  readonly dn: string;
  readonly outcome: 'skipped' | 'conflict';
  readonly reason: string;
  readonly code?: string;
}

export interface PlanningLedger {
  /** @throws ROLLCALL_ERR_LOCK_HELD with the holder when another process plans this campaign. */
  lock(campaign: string, options: { holder: string; leaseMs: number }): Promise<PlannerLock>;
  /**
   * Opens a run, or re-opens the unsealed one of the same slot (or of the same id) and returns its id.
   * `undefined`: that slot is done, or its run was cancelled.
   */
  begin(lock: PlannerLock, start: RunStart): Promise<string | undefined>;
  /** One round trip for a page of people, in their order. */
  known(campaign: string, people: readonly string[]): Promise<(KnownPerson | undefined)[]>;
  /**
   * Writes deliveries as `queued`; cancels an open one of the same person as `superseded`, in one script. Any number of
   * entries; results in their order. @throws ROLLCALL_ERR_LOCK_LOST, ROLLCALL_ERR_RUN_CLOSED (cancelled meanwhile).
   */
  plan(lock: PlannerLock, run: string, entries: readonly PlanEntry[]): Promise<PlanResult[]>;
  /** New hashes for people whose revision stayed as it is (the raw attributes or a key changed). */
  remember(
    lock: PlannerLock,
    people: readonly { person: string; revision: string; fingerprint: string; aliasHash: string }[],
  ): Promise<void>;
  /** Records who was passed over, and cancels their open deliveries with the reason given, if one is. */
  passOver(
    lock: PlannerLock,
    run: string,
    people: readonly (PassedOver & { cancel?: Extract<CancelReason, 'disabled' | 'skipped' | 'conflict'> })[],
  ): Promise<void>;
  /**
   * How many people of the campaign the ledger knows, without those who are gone (two complete reads without them).
   * Call `found` first; then equal to the known people seen means that nobody is missing.
   */
  population(campaign: string): Promise<number>;
  /** Everybody the ledger knows, those who are gone too, a page at a time. */
  people(campaign: string): AsyncIterable<readonly string[]>;
  /**
   * Counts a complete read without these people, at most once under one lock; the second in a row cancels their open
   * deliveries as `gone`.
   */
  missed(lock: PlannerLock, people: readonly string[]): Promise<void>;
  /** These people, missed before or gone, were read again. */
  found(lock: PlannerLock, people: readonly string[]): Promise<void>;
  /** People with at least one complete read without them; also those who are gone. */
  missing(campaign: string): Promise<ReadonlySet<string>>;
  /**
   * Fixes the outcomes. From here on the run's document adds up, and its slot is done. In a run that was resumed, `people`
   * also counts those who got a delivery before the interruption and were not read again.
   * @throws ROLLCALL_ERR_LEDGER_SUMS when a `running` one does not add up.
   */
  seal(lock: PlannerLock, run: string, totals: RunTotals): Promise<void>;
  /** People read at the last run of the campaign sealed as `running`; re-sends do not count. */
  lastPeople(campaign: string): Promise<number | undefined>;
  /** The addresses never written to, folded: small enough to hold. */
  suppressed(): Promise<ReadonlySet<string>>;
}

/** What the server said, scrubbed of secrets and cut to a sensible length. */
export interface ReplyRecord {
  /** 0 where there was no reply. */
  readonly code: number;
  readonly enhanced: string | undefined;
  readonly text: string;
}

export type Claim =
  | {
      readonly kind: 'claimed';
      readonly delivery: string;
      readonly campaign: string;
      readonly run: string;
      readonly person: string;
      readonly sequence: number;
      /** 1 for the first try. */
      readonly attempt: number;
      readonly address: string;
      /** The sealed payload, opened. */
      readonly payload: Secret;
      /** Milliseconds; the Date header of every try, stored at the first. */
      readonly date: number;
      /** Milliseconds of the first attempt, paused time already added. */
      readonly firstAttempt: number;
      /** How often the answer to this delivery was uncertain and it was sent again. */
      readonly resentAfterDoubt: number;
    }
  /** Parked in the ledger until an admin, the canary or the relay lets it go; the job ends. */
  | { readonly kind: 'parked'; readonly why: 'paused' | 'canary' }
  /** Not before that time (milliseconds): deferred, or another worker holds the lease. */
  | { readonly kind: 'later'; readonly at: number }
  /** Nothing to do: final, or unknown. */
  | { readonly kind: 'done'; readonly status: DeliveryStatus | 'unknown' };

/** `render`: it could not be rendered; `bad-address`: the server says that there is no such address. */
export type FailureDetail = 'render' | 'bad-address';

export type DeliveryResult =
  | { readonly status: 'sent'; readonly reply: ReplyRecord }
  | { readonly status: 'deferred'; readonly notBefore: number; readonly reply: ReplyRecord }
  | {
      readonly status: 'failed';
      readonly detail?: FailureDetail;
      readonly code?: string;
      readonly reply: ReplyRecord;
    }
  | { readonly status: 'uncertain'; readonly reply: ReplyRecord }
  | { readonly status: 'expired'; readonly reply: ReplyRecord }
  /** Suppressed after planning. */
  | { readonly status: 'suppressed'; readonly reply: ReplyRecord }
  /** Back to queued, no attempt used: the relay is down, quiet hours, a rate limit. */
  | { readonly status: 'queued'; readonly notBefore: number; readonly reason: string };

export interface DeliveryLedger {
  /** Claims one delivery for `leaseMs`. A claim whose holder died before the first body byte may be taken again; one
   *  whose holder died after it becomes `uncertain` (and is `done` here). */
  claim(delivery: string, options: { token: string; leaseMs: number }): Promise<Claim>;
  renew(delivery: string, token: string, leaseMs: number): Promise<boolean>;
  /**
   * Marks, before the first body byte, that bytes may be with the server. False: send nothing and forget the claim; it
   * was lost, or the delivery was paused, cancelled or superseded since (and is parked or cancelled already).
   */
  beginBody(delivery: string, token: string): Promise<boolean>;
  /**
   * The end of an attempt. From an owner that lost its lease only late truth is taken: uncertain → sent or failed.
   * Repeating it is safe. `deferred` and `queued` become `cancelled` where the delivery was superseded or cancelled meanwhile.
   */
  record(delivery: string, token: string, result: DeliveryResult): Promise<'recorded' | 'late' | 'refused'>;
  /**
   * Turns leases that are over into queued (no body byte) or uncertain, and unparks what a canary or a resume has let go;
   * gives the deliveries that need a job again. Call again at once while it gives `limit` of them.
   */
  sweep(limit: number): Promise<readonly string[]>;
  /** Open, unparked deliveries, a page at a time: whoever has no live job gets one again. */
  open(): AsyncIterable<readonly { delivery: string; notBefore: number }[]>;
}

/** What a DSN says about a delivery (RFC 3464 §2.3.3). */
export interface DeliveryReport {
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** The enhanced status, as "5.1.1"; empty where there is none. */
  readonly status: string;
  /** Scrubbed and cut. */
  readonly diagnostic: string;
  /** Milliseconds: the report's own date, where it has one. */
  readonly at: number | undefined;
  /** A bounce that will not go away by itself. */
  readonly hard: boolean;
  /** Where the address is to be suppressed for it: why, and how many may be in one day (UTC). */
  readonly suppress?: Suppression & { readonly maxPerDay: number };
}

export interface ReportOutcome {
  /**
   * `applied`: the status changed; `noted`: it was written to the history only; `known`: this very report was taken
   * before; `ignored`: the delivery is in a status that such a report says nothing new about; `unknown`: no such delivery.
   */
  readonly taken: 'applied' | 'noted' | 'known' | 'ignored' | 'unknown';
  /** `held`: the day's limit is reached; `none`: not asked for, suppressed already, or the report changed nothing. */
  readonly suppression: 'new' | 'held' | 'none';
}

export interface ReportLedger {
  /** Takes a DSN, with the suppression that it brings, in one step. Repeating it changes nothing. */
  applyReport(delivery: string, report: DeliveryReport): Promise<ReportOutcome>;
}

export interface Suppression {
  readonly address: string;
  readonly reason: string;
  readonly since: number;
  readonly by: string;
}

export interface SteeringLedger {
  pause(scope: { campaign: string; run?: string }, by: { actor: string; reason: string }): Promise<void>;
  /** Gives the deliveries that were parked: they need jobs again. Resuming a run also lets its canary go. */
  resume(scope: { campaign: string; run?: string }, by: { actor: string }): Promise<readonly string[]>;
  paused(campaign: string): Promise<{ since: number; reason: string; by: string } | undefined>;
  /**
   * Cancels what is not yet sent. What is being sent at this moment is let finish; should it come back unsent, it is
   * cancelled then. How many were cancelled at once.
   */
  cancel(scope: { campaign: string; run?: string }, by: { actor: string; reason: string }): Promise<number>;
  /** Repeating it keeps the first reason and date. */
  suppress(entry: Suppression): Promise<void>;
  unsuppress(address: string): Promise<boolean>;
  suppressions(): AsyncIterable<readonly Suppression[]>;
}

/** A delivery as reports show it. */
export interface DeliveryRow {
  readonly delivery: string;
  readonly campaign: string;
  readonly run: string;
  readonly person: string;
  readonly dn: string;
  readonly pattern: string;
  readonly alias: string;
  readonly address: string;
  readonly sequence: number;
  readonly revision: string;
  readonly status: DeliveryStatus;
  readonly detail: string | undefined;
  readonly attempts: number;
  readonly reply: ReplyRecord | undefined;
  readonly queuedAt: number;
  readonly notBefore: number | undefined;
  readonly changedAt: number;
  /** The oldest first. */
  readonly history: readonly Transition[];
}

/** One line of a delivery's history. */
export interface Transition {
  readonly at: number;
  readonly from: DeliveryStatus | undefined;
  readonly to: DeliveryStatus;
  readonly note: string;
}

export interface LedgerQueries {
  run(run: string): Promise<RunDocument | undefined>;
  /** Newest first. */
  runs(campaign: string, limit: number): Promise<RunDocument[]>;
  campaigns(): Promise<string[]>;
  /** The latest delivery of each person, by status. */
  counts(campaign: string): Promise<Record<DeliveryStatus, number>>;
  /** How many people have a latest delivery, those who are gone too: what the counts must add up to. */
  everybody(campaign: string): Promise<number>;
  delivery(delivery: string): Promise<DeliveryRow | undefined>;
  /** The person's last delivery first. */
  deliveriesOf(campaign: string, person: string): Promise<DeliveryRow[]>;
  history(delivery: string): Promise<Transition[]>;
  deliveries(scope: { campaign: string; run?: string }): AsyncIterable<readonly DeliveryRow[]>;
  /** The last delivery of everybody whom the ledger knows, in the order of their ids. */
  latest(campaign: string): AsyncIterable<readonly DeliveryRow[]>;
  passedOver(run: string): AsyncIterable<readonly PassedOver[]>;
}

export interface LedgerUpkeep {
  /** Erases a person, in one campaign or in all: every delivery, the history, the row. How many deliveries. */
  forget(person: string, campaign?: string): Promise<number>;
  /** Erases people who have been gone for longer than `keepMs`, and runs older than that. How many people. */
  prune(keepMs: number): Promise<number>;
  /** The whole ledger as NDJSON lines (without line ends), the last one with their number and SHA-256. */
  export(): AsyncIterable<string>;
  /**
   * Takes an export; repeating it is safe. @throws ROLLCALL_ERR_LEDGER_IMPORT (cut short or changed),
   * ROLLCALL_ERR_LEDGER_NOT_EMPTY, ROLLCALL_ERR_LEDGER_KEY.
   */
  import(lines: AsyncIterable<string> | Iterable<string>): Promise<{ lines: number }>;
}
