import type { ProvisioningSection } from '../provisioning/schema.js';
import type { Campaign } from './campaign.js';

/** The systems of a campaign, each once, although many patterns may name it. */
export function systemsOf({ patterns }: Pick<Campaign, 'patterns'>): ProvisioningSection[] {
  const sections = new Map<string, ProvisioningSection>();
  for (const { provisioning, skip } of patterns) {
    if (provisioning !== undefined && !skip)
      sections.set(JSON.stringify(provisioning.source.value), provisioning.value);
  }
  return [...sections.values()];
}
