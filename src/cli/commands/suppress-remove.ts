import { loadSettings } from '../../campaign/load-settings.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: { address: { type: 'string', demandOption: true, describe: 'The address' } },
  run: async ({ config, address }, session) => {
    const { ledger } = await openStore(session, await loadSettings(config, storeSections, session.env));
    const removed = await ledger.unsuppress(address);
    session.out.show({ address, removed }, () =>
      removed ? `${address} may be written to again.` : `${address} was not suppressed.`,
    );
    return 0;
  },
});
