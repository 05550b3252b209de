import { loadSettings } from '../../campaign/load-settings.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: { person: { type: 'string', demandOption: true, describe: 'The stable id' } },
  run: async ({ config, person }, session) => {
    const { ledger } = await openStore(session, await loadSettings(config, storeSections, session.env));
    const deliveries = await ledger.forget(person);
    session.out.show({ person, deliveries }, () =>
      deliveries === 0
        ? `The ledger knows nobody by the id ${person}.`
        : `${person} is erased, with ${deliveries} deliveries.`,
    );
    return 0;
  },
});
