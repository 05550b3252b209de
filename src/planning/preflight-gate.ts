import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import type { CheckLine } from '../model/check.js';
import { preflight } from '../provisioning/preflight/preflight.js';
import type { ProvisioningSection } from '../provisioning/schema.js';

/** The systems of a campaign, each once, although many patterns may name it. */
export function systemsOf({ campaign }: PreparedCampaign): ProvisioningSection[] {
  const sections = new Map<string, ProvisioningSection>();
  for (const { provisioning, skip } of campaign.patterns) {
    if (provisioning !== undefined && !skip)
      sections.set(JSON.stringify(provisioning.source.value), provisioning.value);
  }
  return [...sections.values()];
}

/**
 * Probes the systems before thousands of people are told to click, where the campaign asks for it.
 * @throws ROLLCALL_ERR_PREFLIGHT where it requires what a probe found amiss.
 */
export async function holdPreflight(
  campaign: PreparedCampaign,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<void> {
  const amiss: CheckLine[] = [];
  for (const section of systemsOf(campaign)) {
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
