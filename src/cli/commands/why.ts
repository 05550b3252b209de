import { createDirectory } from '../../directory/directory.js';
import { createSchedules } from '../../queue/schedules.js';
import { why } from '../../steering/why.js';
import { prepare, readCampaign } from '../campaign-files.js';
import { campaignPositional, defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';
import { whyText } from '../why-text.js';

export const command = defineCommand({
  positionals: {
    campaign: campaignPositional,
    person: { type: 'string', demandOption: true, describe: 'Stable id, uid, sAMAccountName, mail or DN' },
  },
  run: async (flags, session) => {
    const read = await readCampaign(flags, [...storeSections, 'directory', 'recipients'], session);
    const { settings } = read;
    const { ledger, keyring, redis, prefix, clock, log } = await openStore(session, settings);
    const campaign = await prepare(flags, read, { keyring, clock });
    const { directory: server, allowPlaintext } = settings;
    const directory = createDirectory({ settings: server, allowPlaintext, clock, log });
    const schedules = createSchedules({ redis, prefix, clock, log });
    session.defer(() => schedules.close());
    const next = await schedules.next(read.campaign.name);
    const nextRun = next === undefined ? null : new Date(next).toISOString();
    session.out.show(
      await why({ ledger, directory, campaign, keyring, nextRun, clock }, flags.person),
      whyText,
    );
    return 0;
  },
});
