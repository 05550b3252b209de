import type { Environment } from '../campaign/load-settings.js';
import type { Settings } from '../campaign/settings-schema.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../lib/clock.js';
import { messageOf } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import type { Notifier } from '../planning/notify.js';
import type { Schedules } from '../queue/schedules.js';
import { scheduledCampaigns } from './scheduled-campaigns.js';

export interface UpkeepContext {
  readonly settings: Settings<'paths' | 'ledger'>;
  readonly env: Environment;
  readonly schedules: Schedules;
  readonly notifier: Notifier;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
const PRUNE_EVERY_MS = 24 * 3_600_000;
/** A run that ended longer ago has had its digest, or is of no interest at this hour. */
const DIGEST_WITHIN_MS = 24 * 3_600_000;

/** What `start` does beside planning and sending, each minute, until it is stopped. A fault in it is logged and passes. */
export async function keepHouse(context: UpkeepContext, signal: AbortSignal): Promise<void> {
  const { clock, log } = context;
  let prunedAt = 0;
  const tasks: Readonly<Record<string, () => Promise<void>>> = {
    schedules: () => followSchedules(context),
    digests: () => mailDigests(context),
    prune: async () => {
      if (clock.now() - prunedAt < PRUNE_EVERY_MS) return;
      prunedAt = clock.now();
      const people = await context.ledger.prune(context.settings.ledger.keep);
      if (people > 0) log.info({ people }, 'people who have long been gone were erased');
    },
  };
  while (!signal.aborted) {
    for (const [task, work] of Object.entries(tasks))
      await work().catch((error: unknown) => log.warn({ task, error: messageOf(error) }, 'upkeep failed'));
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}

/** New, changed and removed campaigns, and schedules whose chain has died. */
async function followSchedules({ settings, env, schedules, log }: UpkeepContext): Promise<void> {
  const definitions = await scheduledCampaigns(settings, env);
  await schedules.sync(definitions);
  const mended = await schedules.mend(definitions);
  if (mended.length > 0) log.warn({ campaigns: mended }, 'schedules had stopped and were started again');
}

async function mailDigests({ ledger, notifier, clock }: UpkeepContext): Promise<void> {
  for (const campaign of await ledger.campaigns())
    for (const run of await ledger.runs(campaign, 5)) {
      const ended = run.endedAt === null ? Number.NaN : Date.parse(run.endedAt);
      if (clock.now() - ended < DIGEST_WITHIN_MS) await notifier.run(run);
    }
}
