import { checkFiles } from '../../campaign/check.js';
import { refuseErrors } from '../../campaign/invalid.js';
import { checkText } from '../check-text.js';
import { defineCommand } from '../command.js';

export const command = defineCommand({
  positionals: { campaign: { type: 'string', describe: 'One campaign; all where it is left out' } },
  run: async (flags, session) => {
    const { problems, campaigns } = await checkFiles({
      config: flags.config,
      env: session.env,
      ...(flags.campaign !== undefined && { campaigns: [flags.campaign] }),
    });
    refuseErrors(problems);
    // What speaks to services is loaded once there is a use for it: a mistyped word is told of at once.
    const { checkServices } = await import('../check-services.js');
    const checks = await checkServices(flags, session);
    session.out.show({ campaigns, problems, checks }, checkText);
    return checks.some(({ state }) => state === 'failed') ? 4 : 0;
  },
});
