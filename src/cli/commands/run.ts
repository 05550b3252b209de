import { campaignPositional, defineCommand } from '../command.js';
import { runCampaign } from '../run-campaign.js';
import { exitOfRun } from '../run-exit.js';
import { runText } from '../run-text.js';
import { durationFlag, wholeNumber } from '../usage.js';

export const command = defineCommand({
  positionals: { campaign: campaignPositional },
  options: {
    wait: {
      type: 'boolean',
      default: false,
      describe: 'Send here too, until nothing more happens to this run',
    },
    timeout: { type: 'string', requiresArg: true, default: '1h', describe: 'How long --wait waits at most' },
    'accept-count': {
      type: 'string',
      requiresArg: true,
      describe: 'Go past a limit: the number of people that the refusal named',
    },
  },
  stopsItself: true,
  run: async ({ config, json, campaign, wait, timeout, 'accept-count': count }, session) => {
    const timeoutMs = durationFlag(timeout, '--timeout');
    const waitMs = wait ? timeoutMs : undefined;
    const acceptCount = wholeNumber(count, '--accept-count', 0);
    const run = await runCampaign({ config, json, campaign, waitMs, acceptCount }, session);
    session.out.show(run, runText);
    return exitOfRun(run, wait);
  },
});
