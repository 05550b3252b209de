import { loadSettings } from '../../campaign/load-settings.js';
import { RollcallError } from '../../lib/errors.js';
import { parseAddress } from '../../mail/address.js';
import { actorOf } from '../../steering/actor.js';
import { defineCommand } from '../command.js';
import { openStore, storeSections } from '../store.js';

export const command = defineCommand({
  positionals: { address: { type: 'string', demandOption: true, describe: 'The address' } },
  options: { reason: { type: 'string', requiresArg: true, default: 'by hand', describe: 'Why' } },
  run: async ({ config, address, reason }, session) => {
    const parsed = parseAddress(address.trim());
    if (typeof parsed === 'string')
      throw new RollcallError('ROLLCALL_ERR_USAGE', `"${address}" is no address: ${parsed}.`);
    const { ledger, clock } = await openStore(
      session,
      await loadSettings(config, storeSections, session.env),
    );
    const entry = { address, reason, since: clock.now(), by: actorOf(session.env) };
    await ledger.suppress(entry);
    session.out.show(
      { ...entry, since: new Date(entry.since).toISOString() },
      () => `${address} is not written to any more.`,
    );
    return 0;
  },
});
