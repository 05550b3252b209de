import { loadSettings } from '../../campaign/load-settings.js';
import { actorOf } from '../../steering/actor.js';
import { resume } from '../../steering/hold.js';
import { campaignName } from '../campaign-name.js';
import { defineCommand } from '../command.js';
import { counted } from '../counted.js';
import { scopeOf, scopeOptions, scopePositionals } from '../scope.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: scopePositionals,
  options: { run: scopeOptions.run },
  run: async (flags, session) => {
    const settings = await loadSettings(flags.config, storeSections, session.env);
    const { ledger, queue } = await openStore(session, settings);
    const scope = await scopeOf(flags, await campaignName(settings, flags.campaign, ledger), ledger);
    const released = await resume({ ledger, queue }, scope, actorOf(session.env));
    session.out.show(
      { ...scope, paused: false, released },
      () =>
        `${scope.run ?? scope.campaign} goes on; ${counted(released, 'delivery', 'deliveries')} waited for it.`,
    );
    return 0;
  },
});
