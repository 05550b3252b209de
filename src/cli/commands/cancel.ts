import { loadSettings } from '../../campaign/load-settings.js';
import { actorOf } from '../../steering/actor.js';
import { campaignName } from '../campaign-name.js';
import { defineCommand } from '../command.js';
import { counted } from '../counted.js';
import { scopeOf, scopeOptions, scopePositionals } from '../scope.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: scopePositionals,
  options: scopeOptions,
  run: async (flags, session) => {
    const settings = await loadSettings(flags.config, storeSections, session.env);
    const { ledger } = await openStore(session, settings);
    const scope = await scopeOf(flags, await campaignName(settings, flags.campaign, ledger), ledger);
    const cancelled = await ledger.cancel(scope, { actor: actorOf(session.env), reason: flags.reason ?? '' });
    session.out.show(
      { ...scope, cancelled },
      () =>
        `${counted(cancelled, 'delivery', 'deliveries')} of ${scope.run ?? scope.campaign} ${cancelled === 1 ? 'was' : 'were'} cancelled.`,
    );
    return 0;
  },
});
