import { loadSettings } from '../../campaign/load-settings.js';
import { forget } from '../../steering/forget.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: {
    person: {
      type: 'string',
      demandOption: true,
      describe: 'Stable id, or the mail, DN or uid of the last delivery',
    },
  },
  run: async (flags, session) => {
    const { ledger } = await openStore(session, await loadSettings(flags.config, storeSections, session.env));
    const { person, deliveries } = await forget(ledger, flags.person);
    session.out.show({ person, deliveries }, () =>
      deliveries === 0
        ? `The ledger knows nobody by the name of ${flags.person}.`
        : `${person} is erased, with ${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'}.`,
    );
    return 0;
  },
});
