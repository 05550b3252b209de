import { invalid } from '../../campaign/invalid.js';
import { loadSettings } from '../../campaign/load-settings.js';
import { watchBounces } from '../../delivery/bounce-watch.js';
import { createNotifier } from '../../planning/notify.js';
import { runSlot } from '../../planning/slot.js';
import { createSchedules, startSlotWorker } from '../../queue/schedules.js';
import { bounceContext } from '../bounces.js';
import { defineCommand } from '../command.js';
import { planningContext } from '../planning.js';
import { scheduledCampaigns } from '../scheduled-campaigns.js';
import { openLog, openStore } from '../store.js';
import { keepHouse } from '../upkeep.js';
import { loadFrom, openRelay, openWorker, workSections, workUntilStopped } from '../working.js';

const sections = [...workSections, 'directory', 'notify', 'ledger', 'bounces'] as const;

export const command = defineCommand({
  stopsItself: true,
  exitAfterSigterm: 0,
  run: async (flags, session) => {
    const { signal } = session;
    const settings = await loadSettings(flags.config, sections, session.env);
    const { definitions, broken } = await scheduledCampaigns(settings, session.env);
    const [first] = broken;
    const problems = broken.flatMap(({ error }) => error.problems);
    // Somebody is looking now: later on, a campaign that breaks is logged and the others go on.
    if (first !== undefined) throw problems.length > 0 ? invalid(problems) : first.error;
    const log = openLog(session, 'info');
    const store = await openStore(session, settings, { log });
    const { redis, prefix, ledger, clock } = store;
    const { smtp, notify } = settings;
    const relay = openRelay(session, store, settings);
    const load = loadFrom(settings, store);
    const notifier = createNotifier({ redis, prefix, ledger, relay, smtp, notify, clock, log });

    const schedules = createSchedules({ redis, prefix, clock, log });
    session.defer(() => schedules.close());
    await schedules.sync(definitions);
    const worker = await openWorker(session, store, settings, { relay, load });
    const planning = planningContext(store, settings);
    const slots = startSlotWorker({
      redis: await store.connectBlocking(),
      prefix,
      log,
      turn: (slot) => runSlot({ ...planning, load, signal, report: notifier.slot }, slot),
    });
    session.defer(() => slots.close());
    log.info({ campaigns: definitions.map(({ campaign }) => campaign) }, 'started');

    const house = keepHouse({ settings, env: session.env, schedules, notifier, ledger, clock, log }, signal);
    const { imap } = settings.bounces;
    const { allowPlaintext } = settings;
    const bounces =
      imap && watchBounces({ ...bounceContext(store, settings, notifier), imap, allowPlaintext }, signal);
    await workUntilStopped(signal, worker);
    log.info({}, 'stopping');
    await Promise.all([house, bounces]);
    return 0;
  },
});
