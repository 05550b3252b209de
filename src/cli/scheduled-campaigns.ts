import { listCampaigns, loadCampaign } from '../campaign/load-campaign.js';
import type { Environment } from '../campaign/load-settings.js';
import type { Settings } from '../campaign/settings-schema.js';
import type { ScheduleDefinition } from '../queue/schedules.js';

/**
 * When each campaign of paths.jobs runs; those without a schedule are left out.
 * @throws ROLLCALL_ERR_INVALID for a campaign that is not as it should be
 */
export async function scheduledCampaigns(
  settings: Settings<'paths'>,
  env: Environment,
): Promise<ScheduleDefinition[]> {
  const definitions: ScheduleDefinition[] = [];
  for (const name of await listCampaigns(settings)) {
    const { schedule } = await loadCampaign(settings, name, env);
    if (schedule) definitions.push({ campaign: name, cron: schedule.cron, timezone: schedule.timezone });
  }
  return definitions;
}
