import { loadSettings } from '../../campaign/load-settings.js';
import { defineCommand } from '../command.js';
import { openLog, openStore } from '../store.js';
import { wholeNumber } from '../usage.js';
import { loadFrom, openRelay, openWorker, workSections, workUntilStopped } from '../working.js';

export const command = defineCommand({
  options: {
    concurrency: {
      type: 'string',
      requiresArg: true,
      describe: 'Deliveries in hand at once [default: three times smtp.connections]',
    },
  },
  stopsItself: true,
  exitAfterSigterm: 0,
  run: async (flags, session) => {
    const concurrency = wholeNumber(flags.concurrency, '--concurrency');
    const settings = await loadSettings(flags.config, workSections, session.env);
    const log = openLog(session, 'info');
    const store = await openStore(session, settings, { log });
    const relay = openRelay(session, store, settings);
    const worker = await openWorker(session, store, settings, {
      relay,
      load: loadFrom(settings, store),
      concurrency,
    });
    log.info({}, 'working');
    await workUntilStopped(session.signal, worker);
    log.info({}, 'stopping');
    return 0;
  },
});
