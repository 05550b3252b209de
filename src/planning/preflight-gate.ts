import type { PreparedCampaign } from '../campaign/prepare.js';
import { systemsOf } from '../campaign/systems.js';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import type { CheckLine } from '../model/check.js';
import { preflight } from '../provisioning/preflight/preflight.js';

/**
 * Probes the systems before thousands of people are told to click, where the campaign asks for it.
 * @throws ROLLCALL_ERR_PREFLIGHT where it requires what a probe found amiss.
 */
export async function holdPreflight(
  campaign: PreparedCampaign,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<void> {
  const amiss: CheckLine[] = [];
  for (const section of systemsOf(campaign.campaign)) {
    if (section.preflight === 'off') continue;
    for (const line of await preflight(section, { clock })) {
      if (line.state === 'ok') continue;
      log.warn({ system: section.system, what: line.what, detail: line.detail }, `preflight: ${line.state}`);
      if (line.state === 'failed' && section.preflight === 'require') amiss.push(line);
    }
  }
  if (amiss.length === 0) return;
  throw new RollcallError(
    'ROLLCALL_ERR_PREFLIGHT',
    `The system is not ready: ${amiss.map(({ what, detail }) => `${what}: ${detail}`).join(' ')}`,
    amiss[0]?.hint === undefined ? {} : { hint: amiss[0].hint },
  );
}
