import type { Campaign } from '../campaign/campaign.js';
import { checkFiles } from '../campaign/check.js';
import { invalid } from '../campaign/invalid.js';
import { loadCampaign } from '../campaign/load-campaign.js';
import { loadSettings } from '../campaign/load-settings.js';
import { type PreparedCampaign, prepareCampaign } from '../campaign/prepare.js';
import type { SectionName, Settings } from '../campaign/settings-schema.js';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { GlobalFlags } from './command.js';
import type { Session } from './session.js';

/**
 * The settings, and the campaign as it is in its file.
 * @throws ROLLCALL_ERR_INVALID with the problems of settings, campaign and templates all at once
 */
export async function readCampaign<Section extends SectionName>(
  flags: GlobalFlags & { readonly campaign: string },
  sections: readonly Section[],
  { env }: Session,
): Promise<{ settings: Settings<Section>; campaign: Campaign }> {
  return withAllProblems(flags, sections, env, async () => {
    const settings = await loadSettings(flags.config, sections, env);
    return { settings, campaign: await loadCampaign(settings, flags.campaign, env) };
  });
}

/** The campaign made ready. Its templates are compiled, and that takes some tenths of a second. */
export async function prepare(
  flags: GlobalFlags & { readonly campaign: string },
  { settings, campaign }: { settings: Settings<'recipients'>; campaign: Campaign },
  { keyring, clock }: { keyring: Keyring; clock: Clock },
): Promise<PreparedCampaign> {
  return withAllProblems(flags, ['recipients'], process.env, () =>
    prepareCampaign({ campaign, settings, keyring, clock }),
  );
}

/** Where files are invalid, looks at all of them, so that nobody mends one problem to be told of the next. */
async function withAllProblems<T>(
  { config, campaign }: { readonly config: string; readonly campaign: string },
  sections: readonly SectionName[],
  env: NodeJS.ProcessEnv,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RollcallError) || error.code !== 'ROLLCALL_ERR_INVALID') throw error;
    const { problems } = await checkFiles({ config, campaigns: [campaign], sections, env });
    throw problems.some(({ severity }) => severity === 'error') ? invalid(problems) : error;
  }
}
