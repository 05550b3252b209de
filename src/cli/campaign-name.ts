import { basename, extname } from 'node:path';
import { findCampaign } from '../campaign/load-campaign.js';
import type { Settings } from '../campaign/settings-schema.js';
import type { Ledger } from '../ledger/ledger.js';

/**
 * The name of a campaign, for what concerns the ledger alone: its file may have gone since, as long as the ledger knows it.
 * @throws ROLLCALL_ERR_UNKNOWN_CAMPAIGN
 */
export async function campaignName(
  settings: Settings<'paths'>,
  nameOrPath: string,
  ledger: Pick<Ledger, 'campaigns'>,
): Promise<string> {
  if ((await ledger.campaigns()).includes(nameOrPath)) return nameOrPath;
  const file = await findCampaign(settings, nameOrPath);
  return basename(file, extname(file));
}
