import { loadSettings } from '../../campaign/load-settings.js';
import { actorOf } from '../../steering/actor.js';
import { campaignName } from '../campaign-name.js';
import { defineCommand } from '../command.js';
import { scopeOf, scopeOptions, scopePositionals } from '../scope.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: scopePositionals,
  options: scopeOptions,
  run: async (flags, session) => {
    const settings = await loadSettings(flags.config, storeSections, session.env);
    const { ledger } = await openStore(session, settings);
    const scope = await scopeOf(flags, await campaignName(settings, flags.campaign, ledger), ledger);
    await ledger.pause(scope, { actor: actorOf(session.env), reason: flags.reason ?? '' });
    session.out.show(
      { ...scope, paused: true },
      () =>
        `${scope.run ?? scope.campaign} is paused. What is being sent at this moment still goes; nothing else does until "rollcall resume ${scope.campaign}".`,
    );
    return 0;
  },
});
