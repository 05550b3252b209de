import { randomUUID } from 'node:crypto';
import { createDirectory } from '../../directory/directory.js';
import { systemClock } from '../../lib/clock.js';
import { createRelay } from '../../mail/relay.js';
import { testSend } from '../../steering/test-send.js';
import { prepare, readCampaign } from '../campaign-files.js';
import { campaignPositional, defineCommand } from '../command.js';
import { openKeyring, openLog } from '../store.js';

const sections = ['keys', 'redis', 'directory', 'recipients', 'smtp'] as const;

export const command = defineCommand({
  positionals: { campaign: campaignPositional },
  options: {
    person: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'Whose data the mail is made of',
    },
    to: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'Your address, within allowedDomains',
    },
    'reveal-secrets': { type: 'boolean', default: false, describe: 'Put the real password and link into it' },
  },
  run: async (flags, session) => {
    const read = await readCampaign(flags, sections, session);
    const { directory: server, smtp, recipients, allowPlaintext } = read.settings;
    const [clock, log] = [systemClock, openLog(session)];
    const campaign = await prepare(flags, read, { keyring: await openKeyring(read.settings), clock });
    const directory = createDirectory({ settings: server, allowPlaintext, clock, log });
    const relay = createRelay({ settings: smtp, recipients, allowPlaintext, log });
    session.defer(() => relay.close());
    const sent = await testSend(
      { directory, campaign, relay, smtp, recipients, clock, newId: randomUUID },
      { person: flags.person, to: flags.to, reveal: flags['reveal-secrets'], signal: session.signal },
    );
    session.out.show(
      sent,
      ({ to, subject, reply }) => `Sent to ${to}: "${subject}" (${reply.code} ${reply.text})`,
    );
    return 0;
  },
});
