import { loadSettings } from '../../campaign/load-settings.js';
import type { Suppression } from '../../ledger/types.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';
import { table } from '../table.js';

export const command = defineCommand({
  run: async ({ config }, session) => {
    const { ledger } = await openStore(session, await loadSettings(config, storeSections, session.env));
    const suppressions: (Omit<Suppression, 'since'> & { since: string })[] = [];
    for await (const page of ledger.suppressions())
      for (const entry of page) suppressions.push({ ...entry, since: new Date(entry.since).toISOString() });
    session.out.show({ suppressions }, ({ suppressions: shown }) =>
      shown.length === 0
        ? 'No address is suppressed.'
        : table(
            [{ title: 'address' }, { title: 'since' }, { title: 'by' }, { title: 'reason' }],
            shown.map(({ address, since, by, reason }) => [address, since, by, reason]),
          ),
    );
    return 0;
  },
});
