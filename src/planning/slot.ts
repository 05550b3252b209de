import type { PreparedCampaign } from '../campaign/prepare.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { SlotTurn } from '../queue/schedules.js';
import { type PlanningContext, planRun } from './run.js';

export interface SlotContext extends PlanningContext {
  readonly load: (campaign: string) => Promise<PreparedCampaign>;
  /** Told of a slot that was not run, or a run that failed. */
  readonly report: (event: SlotEvent) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface SlotEvent {
  readonly kind: 'missed' | 'refused' | 'failed';
  readonly campaign: string;
  /** The scheduled instant, in milliseconds. */
  readonly at: number;
  readonly reason: string;
  /** The run that came to nothing, where there was one. */
  readonly run?: string;
}

/** A slot that runs more than this after its instant is a catch-up. */
const ON_TIME_MS = 60_000;
/** A planner that is busy, or a directory that is away, is asked again after this long. */
const AGAIN_MS = 60_000;

/**
 * Runs the slot of a schedule: once, however many processes see it (the ledger knows which slots are done), and not at
 * all where it is later than the campaign's `maxLateness`. What may pass, such as a directory that does not answer, is
 * tried again until then.
 */
export async function runSlot(
  context: SlotContext,
  slot: { campaign: string; at: number },
): Promise<SlotTurn> {
  const { clock, log, report } = context;
  const { at } = slot;
  const lateness = clock.now() - at;
  const tell = (kind: SlotEvent['kind'], reason: string, run?: string) =>
    report({ kind, campaign: slot.campaign, at, reason, ...(run !== undefined && { run }) });

  let campaign: PreparedCampaign;
  try {
    campaign = await context.load(slot.campaign);
  } catch (error) {
    await tell('failed', messageOf(error));
    return { kind: 'done' };
  }
  const { schedule } = campaign.campaign;
  if (schedule === undefined) return { kind: 'done' };
  if (lateness > schedule.maxLateness) {
    const minutes = Math.round(lateness / 60_000);
    await tell('missed', `it was ${minutes} minutes late, more than maxLateness allows, and was not run`);
    return { kind: 'done' };
  }

  try {
    const trigger = lateness > ON_TIME_MS ? 'catch-up' : 'schedule';
    const run = await planRun(context, { campaign, trigger, slot: at, signal: context.signal });
    if (run !== undefined)
      log.info({ run: run.run, campaign: slot.campaign, trigger }, 'the scheduled run is planned');
    return { kind: 'done' };
  } catch (error) {
    if (context.signal.aborted) return { kind: 'again', at: clock.now() };
    const passes =
      error instanceof RollcallError && (error.exitCode === 4 || error.code === 'ROLLCALL_ERR_LOCK_HELD');
    const again = clock.now() + AGAIN_MS;
    if (passes && again - at <= schedule.maxLateness) {
      log.warn(
        { campaign: slot.campaign, error: messageOf(error) },
        'the scheduled run is tried again in a minute',
      );
      return { kind: 'again', at: again };
    }
    const refused = error instanceof RollcallError && error.exitCode === 3;
    await tell(refused ? 'refused' : 'failed', messageOf(error), runOf(error));
    return { kind: 'done' };
  }
}

/** The run that an error of `planRun` ended, where there was one. */
export function runOf(error: unknown): string | undefined {
  const run = error instanceof RollcallError ? error.facts['run'] : undefined;
  return typeof run === 'string' ? run : undefined;
}
