import { listCampaigns } from '../../campaign/load-campaign.js';
import { loadSettings } from '../../campaign/load-settings.js';
import { createRelayHold } from '../../queue/relay-hold.js';
import { createSchedules } from '../../queue/schedules.js';
import { type CampaignStatus, statusOf } from '../../steering/status.js';
import { campaignName } from '../campaign-name.js';
import { defineCommand } from '../command.js';
import { requireRun } from '../require-run.js';
import { runText } from '../run-text.js';
import type { Session } from '../session.js';
import { statusText } from '../status-text.js';
import { openStore, storeSections } from '../store.js';

const WATCH_EVERY_MS = 1_000;

export const command = defineCommand({
  positionals: { campaign: { type: 'string', describe: 'One campaign; all where it is left out' } },
  options: {
    run: { type: 'string', requiresArg: true, describe: 'Show this run' },
    watch: { type: 'boolean', default: false, describe: 'Show it again each second, until Ctrl-C' },
  },
  stopsItself: true,
  run: async (flags, session) => {
    const settings = await loadSettings(flags.config, storeSections, session.env);
    const { ledger, redis, prefix, clock, log } = await openStore(session, settings);
    const schedules = createSchedules({ redis, prefix, clock, log });
    session.defer(() => schedules.close());
    const relay = createRelayHold({ redis, prefix, clock });
    const nextRun = async (campaign: string) => {
      const next = await schedules.next(campaign);
      return next === undefined ? null : new Date(next).toISOString();
    };
    const { out } = session;

    const show = async () => {
      if (flags.run !== undefined) {
        out.show(await requireRun(ledger, flags.run), runText);
      } else if (flags.campaign !== undefined) {
        const name = await campaignName(settings, flags.campaign, ledger);
        out.show(await statusOf({ ledger, relay, nextRun }, name), (status, paint) =>
          statusText([status], paint),
        );
      } else {
        const names = new Set([...(await ledger.campaigns()), ...(await listCampaigns(settings))]);
        const campaigns: CampaignStatus[] = [];
        for (const name of [...names].sort())
          campaigns.push(await statusOf({ ledger, relay, nextRun }, name));
        out.show({ campaigns }, (all, paint) => statusText(all.campaigns, paint));
      }
    };
    if (!flags.watch || out.json) await show();
    else await again(show, session, clock);
    return 0;
  },
});

async function again(
  show: () => Promise<void>,
  { signal, out }: Session,
  clock: { sleep(ms: number, signal: AbortSignal): Promise<void> },
): Promise<void> {
  while (!signal.aborted && !out.closed) {
    out.clear();
    await show();
    await clock.sleep(WATCH_EVERY_MS, signal).catch(() => {});
  }
}
