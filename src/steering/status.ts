import type { Ledger } from '../ledger/ledger.js';
import type { RunDocument } from '../model/run.js';
import type { DeliveryStatus } from '../model/status.js';
import type { RelayTrouble } from '../queue/relay-hold.js';

/** `status CAMPAIGN --json`. */
export interface CampaignStatus {
  readonly campaign: string;
  readonly paused: boolean;
  /** Why, since when and by whom, where it is. */
  readonly hold: { readonly since: string; readonly reason: string; readonly by: string } | null;
  readonly nextRun: string | null;
  readonly lastRun: RunDocument | null;
  /** The latest delivery of each person, by status. */
  readonly counts: Readonly<Record<DeliveryStatus, number>>;
  /** Set where the relay cannot be reached. */
  readonly relay: { readonly downSince: string; readonly nextTry: string; readonly reason: string } | null;
  /** Sentences, one for each sum that does not agree; empty when all is well. */
  readonly disagreements: readonly string[];
}

export interface StatusContext {
  readonly ledger: Ledger;
  readonly relay: { trouble(): Promise<RelayTrouble | undefined> };
  /** In ISO 8601, or null where the campaign has no schedule running. */
  readonly nextRun: (campaign: string) => Promise<string | null>;
}

export async function statusOf(context: StatusContext, campaign: string): Promise<CampaignStatus> {
  const { ledger } = context;
  const [paused, runs, counts, everybody, trouble, nextRun] = await Promise.all([
    ledger.paused(campaign),
    ledger.runs(campaign, RUNS_LOOKED_AT),
    ledger.counts(campaign),
    ledger.everybody(campaign),
    context.relay.trouble(),
    context.nextRun(campaign),
  ]);
  const [lastRun] = runs;
  return {
    campaign,
    paused: paused !== undefined,
    hold: paused ? { ...paused, since: new Date(paused.since).toISOString() } : null,
    nextRun,
    lastRun: lastRun ?? null,
    counts,
    relay: trouble
      ? {
          downSince: new Date(trouble.since).toISOString(),
          nextTry: new Date(trouble.until).toISOString(),
          reason: trouble.reason,
        }
      : null,
    disagreements: [
      ...runs.flatMap(ofRun),
      ...(lastRun?.state === 'planning' ? [] : ofCounts(counts, everybody)),
    ],
  };
}

/** Older ones were looked at while they were young. */
const RUNS_LOOKED_AT = 5;

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, n) => total + n, 0);

/** Outcomes and deliveries of a run must add up to the people read. */
function ofRun(run: RunDocument): string[] {
  if (run.state === 'planning' || run.state === 'interrupted') return [];
  const accounted = sum(run.outcomes) + sum(run.counts);
  return accounted === run.people
    ? []
    : [`Run ${run.run}: ${run.people} people were read, but ${accounted} are accounted for.`];
}

/** Each person has one latest delivery. While a plan is being written, the two are read a moment apart. */
function ofCounts(counts: Readonly<Record<string, number>>, everybody: number): string[] {
  const counted = sum(counts);
  return counted === everybody
    ? []
    : [`${everybody} people have been written to or are waiting, but ${counted} are counted by status.`];
}
