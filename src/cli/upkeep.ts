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
  readonly settings: Settings<'paths' | 'ledger' | 'notify'>;
  readonly env: Environment;
  readonly schedules: Schedules;
  readonly notifier: Notifier;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
}

const EVERY_MS = 60_000;
const PRUNE_EVERY_MS = 24 * 3_600_000;
/** A run that ended longer ago has had its digest, or is news to nobody. Long enough for a weekend without `start`. */
const DIGEST_WITHIN_MS = 7 * 24 * 3_600_000;
/** How many of a campaign's runs are looked at: a night's, and the re-sends of a day. */
const DIGEST_RUNS = 10;

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

/** New, changed and removed campaigns, and schedules whose chain has died. One that does not load keeps its schedule. */
async function followSchedules({ settings, env, schedules, log }: UpkeepContext): Promise<void> {
  const { definitions, broken } = await scheduledCampaigns(settings, env);
  for (const { campaign, error } of broken)
    log.warn(
      { campaign, error: error.message },
      'the campaign cannot be loaded; its schedule stays as it was',
    );
  await schedules.sync(definitions, { keep: broken.map(({ campaign }) => campaign) });
  const mended = await schedules.mend(definitions);
  if (mended.length > 0) log.warn({ campaigns: mended }, 'schedules had stopped and were started again');
}

async function mailDigests({ settings, ledger, notifier, clock }: UpkeepContext): Promise<void> {
  if (settings.notify === undefined) return;
  for (const campaign of await ledger.campaigns())
    for (const run of await ledger.runs(campaign, DIGEST_RUNS)) {
      const since = Date.parse(run.endedAt ?? run.startedAt);
      if (clock.now() - since < DIGEST_WITHIN_MS) await notifier.run(run);
    }
}
