import { checkFiles } from '../../campaign/check.js';
import { refuseErrors } from '../../campaign/invalid.js';
import { loadCampaign } from '../../campaign/load-campaign.js';
import { loadSettings } from '../../campaign/load-settings.js';
import { prepareCampaign } from '../../campaign/prepare.js';
import { systemsOf } from '../../campaign/systems.js';
import { createDirectory } from '../../directory/directory.js';
import { systemClock } from '../../lib/clock.js';
import { createRelay } from '../../mail/relay.js';
import type { CheckLine } from '../../model/check.js';
import { preflight } from '../../provisioning/preflight/preflight.js';
import { checkStore } from '../check-store.js';
import { checkText } from '../check-text.js';
import { defineCommand } from '../command.js';
import { openKeyring, openLog } from '../store.js';

const sections = ['keys', 'redis', 'directory', 'smtp', 'recipients', 'bounces', 'notify', 'ledger'] as const;

export const command = defineCommand({
  positionals: { campaign: { type: 'string', describe: 'One campaign; all where it is left out' } },
  run: async (flags, session) => {
    const { out, env } = session;
    const { problems, campaigns } = await checkFiles({
      config: flags.config,
      env,
      ...(flags.campaign !== undefined && { campaigns: [flags.campaign] }),
    });
    refuseErrors(problems);

    const settings = await loadSettings(flags.config, sections, env);
    const { directory: server, smtp, recipients, allowPlaintext } = settings;
    const [clock, log] = [systemClock, openLog(session)];
    const lines: CheckLine[] = [await checkStore(session, settings)];
    const directory = createDirectory({ settings: server, allowPlaintext, clock, log });
    const relay = createRelay({ settings: smtp, recipients, allowPlaintext, log });
    session.defer(() => relay.close());
    lines.push(...(await relay.check()));
    if (flags.campaign === undefined) lines.push(...(await directory.check()));
    else {
      const campaign = await loadCampaign(settings, flags.campaign, env);
      const keyring = await openKeyring(settings);
      const prepared = await prepareCampaign({ campaign, settings, keyring, clock });
      lines.push(...(await directory.check(campaign.people)));
      for (const system of systemsOf(prepared.campaign)) lines.push(...(await preflight(system, { clock })));
    }
    out.show({ campaigns, problems, checks: lines }, (checked, paint) => checkText(checked, paint));
    return lines.some(({ state }) => state === 'failed') ? 4 : 0;
  },
});
