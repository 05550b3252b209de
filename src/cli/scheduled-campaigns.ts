import { listCampaigns, loadCampaign } from '../campaign/load-campaign.js';
import type { Environment } from '../campaign/load-settings.js';
import type { Settings } from '../campaign/settings-schema.js';
import { RollcallError } from '../lib/errors.js';
import type { ScheduleDefinition } from '../queue/schedules.js';

export interface ScheduledCampaigns {
  /** When each campaign runs; those without a schedule are left out. */
  readonly definitions: readonly ScheduleDefinition[];
  /** Campaigns that are not as they should be. */
  readonly broken: readonly { readonly campaign: string; readonly error: RollcallError }[];
}

/** The schedules of the campaigns in paths.jobs, as the files are now. */
export async function scheduledCampaigns(
  settings: Settings<'paths'>,
  env: Environment,
): Promise<ScheduledCampaigns> {
  const definitions: ScheduleDefinition[] = [];
  const broken: { campaign: string; error: RollcallError }[] = [];
  for (const campaign of await listCampaigns(settings)) {
    try {
      const { schedule } = await loadCampaign(settings, campaign, env);
      if (schedule) definitions.push({ campaign, cron: schedule.cron, timezone: schedule.timezone });
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      broken.push({ campaign, error });
    }
  }
  return { definitions, broken };
}
