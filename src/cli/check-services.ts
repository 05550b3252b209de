import { loadCampaign } from '../campaign/load-campaign.js';
import { loadSettings } from '../campaign/load-settings.js';
import { prepareCampaign } from '../campaign/prepare.js';
import { systemsOf } from '../campaign/systems.js';
import { createDirectory } from '../directory/directory.js';
import { systemClock } from '../lib/clock.js';
import { checkMailbox } from '../mail/mailbox-check.js';
import { createRelay } from '../mail/relay.js';
import type { CheckLine } from '../model/check.js';
import { preflight } from '../provisioning/preflight/preflight.js';
import { checkStore } from './check-store.js';
import type { Session } from './session.js';
import { openKeyring, openLog } from './store.js';

const sections = ['keys', 'redis', 'directory', 'smtp', 'recipients', 'bounces', 'notify', 'ledger'] as const;

/** Asks every service that the settings name, and for one campaign what its systems need. The files are known to be valid. */
export async function checkServices(
  { config, campaign: name }: { readonly config: string; readonly campaign: string | undefined },
  session: Session,
): Promise<CheckLine[]> {
  const settings = await loadSettings(config, sections, session.env);
  const { directory: server, smtp, recipients, allowPlaintext } = settings;
  const [clock, log] = [systemClock, openLog(session)];
  const lines: CheckLine[] = [await checkStore(session, settings)];
  const directory = createDirectory({ settings: server, allowPlaintext, clock, log });
  const relay = createRelay({ settings: smtp, recipients, allowPlaintext, log });
  session.defer(() => relay.close());
  const campaign = name === undefined ? undefined : await loadCampaign(settings, name, session.env);
  lines.push(...(await directory.check(campaign?.people)), ...(await relay.check()));
  if (settings.bounces.imap) lines.push(await checkMailbox(settings.bounces.imap, allowPlaintext));
  if (campaign === undefined) return lines;
  const keyring = await openKeyring(settings);
  const prepared = await prepareCampaign({ campaign, settings, keyring, clock });
  for (const system of systemsOf(prepared.campaign)) lines.push(...(await preflight(system, { clock })));
  return lines;
}
