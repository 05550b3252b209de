import { listCampaigns } from '../../campaign/load-campaign.js';
import { loadSettings } from '../../campaign/load-settings.js';
import { printableDocument } from '../../lib/printable.js';
import { createRelayHold } from '../../queue/relay-hold.js';
import { createSchedules } from '../../queue/schedules.js';
import { type CampaignStatus, statusOf } from '../../steering/status.js';
import { campaignName } from '../campaign-name.js';
import { defineCommand } from '../command.js';
import type { Paint } from '../paint.js';
import { requireRun } from '../require-run.js';
import { runText } from '../run-text.js';
import { scopeOf } from '../scope.js';
import { statusText } from '../status-text.js';
import { openStore, storeSections } from '../store.js';
import { watch } from '../watch.js';

export const command = defineCommand({
  positionals: { campaign: { type: 'string', describe: 'One campaign; all where it is left out' } },
  options: {
    run: { type: 'string', requiresArg: true, describe: 'Show this run' },
    watch: { type: 'boolean', default: false, describe: 'Show it again each second, until q or Ctrl-C' },
  },
  stopsItself: true,
  run: async (flags, session) => {
    const settings = await loadSettings(flags.config, storeSections, session.env);
    const { ledger, redis, prefix, clock, log } = await openStore(session, settings);
    const schedules = createSchedules({ redis, prefix, clock, log });
    session.defer(() => schedules.close());
    const relay = createRelayHold({ redis, prefix, clock, log });
    const nextRun = async (campaign: string) => {
      const next = await schedules.next(campaign);
      return next === undefined ? null : new Date(next).toISOString();
    };
    const { out, signal } = session;

    const look = async (): Promise<Look> => {
      if (flags.run !== undefined) {
        const { run } = flags;
        // Somebody who names both means a run of that campaign.
        if (flags.campaign !== undefined)
          await scopeOf({ run }, await campaignName(settings, flags.campaign, ledger), ledger);
        const document = await requireRun(ledger, run);
        return { document, text: (paint) => runText(printableDocument(document), paint) };
      }
      if (flags.campaign !== undefined) {
        const name = await campaignName(settings, flags.campaign, ledger);
        const document = await statusOf({ ledger, relay, nextRun }, name);
        return { document, text: (paint) => statusText(printableDocument([document]), paint) };
      }
      const names = new Set([...(await ledger.campaigns()), ...(await listCampaigns(settings))]);
      const campaigns: CampaignStatus[] = [];
      for (const name of [...names].sort()) campaigns.push(await statusOf({ ledger, relay, nextRun }, name));
      return { document: { campaigns }, text: (paint) => statusText(printableDocument(campaigns), paint) };
    };

    if (flags.watch && out.interactive) {
      const { stdin, stdout } = process;
      const last = await watch(async () => (await look()).text(out.paint), { stdin, stdout, clock, signal });
      out.show({}, () => last);
      return 0;
    }
    if (flags.watch && !out.json) out.note('--watch is for a terminal: shown once.');
    const { document, text } = await look();
    out.show(document, (_, paint) => text(paint));
    return 0;
  },
});

/** What there is to show: for a program, and for people. */
interface Look {
  readonly document: object;
  readonly text: (paint: Paint) => string;
}
