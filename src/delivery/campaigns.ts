import type { PreparedCampaign } from '../campaign/prepare.js';

/**
 * Campaigns made ready, one a run: a run's mails are worded alike from the first to the last, and what an admin changed
 * meanwhile holds from the next run on.
 */
export interface Campaigns {
  /** @throws whatever the loader throws: the campaign is gone, or has become invalid. */
  of(campaign: string, run: string): Promise<PreparedCampaign>;
}

/** As many runs as may well be delivered at once: a night's campaigns and some re-sends. */
const KEPT = 16;

export function createCampaigns(load: (campaign: string) => Promise<PreparedCampaign>): Campaigns {
  const ready = new Map<string, Promise<PreparedCampaign>>();

  return {
    of(campaign, run) {
      const known = ready.get(run);
      if (known !== undefined) return known;
      const loading = load(campaign);
      ready.set(run, loading);
      // A campaign that does not load is tried again by the next delivery that asks.
      loading.catch(() => ready.delete(run));
      const [oldest] = ready.keys();
      if (ready.size > KEPT && oldest !== undefined) ready.delete(oldest);
      return loading;
    },
  };
}
