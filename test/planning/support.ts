import { join } from 'node:path';
import { loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { type PreparedCampaign, prepareCampaign } from '../../src/campaign/prepare.js';
import { createDirectory } from '../../src/directory/directory.js';
import { createLedger } from '../../src/ledger/ledger.js';
import { type Clock, systemClock } from '../../src/lib/clock.js';
import { fixedKeyring } from '../../src/lib/keyring.js';
import { silentLogger } from '../../src/lib/log.js';
import type { PlanningContext } from '../../src/planning/run.js';
import { createDeliveryQueue } from '../../src/queue/delivery-queue.js';
import { campaignText, createHouse, type House } from '../campaign/support.js';
import type { TestRedis } from '../support/redis.js';

/** All that a planner needs, on a real Redis and an LDIF file, with one campaign called "main". */
export interface PlanningHouse {
  readonly house: House;
  readonly prefix: string;
  readonly context: PlanningContext;
  readonly settings: Awaited<ReturnType<typeof settingsOf>>;
  /** The planners' clock, in milliseconds ahead of the machine's. */
  readonly time: { ahead: number };
  load(name?: string): Promise<PreparedCampaign>;
  close(): Promise<void>;
}

const settingsOf = ({ config }: House) => loadSettings(config, ['directory', 'recipients', 'smtp'], {});

export async function openPlanningHouse(
  { redis, prefix: newPrefix }: TestRedis,
  { ldif, campaign = {} }: { ldif: string; campaign?: Readonly<Record<string, string>> },
): Promise<PlanningHouse> {
  const house = await createHouse({
    'config/people.ldif': ldif,
    'jobs/main.yaml': campaignText({
      people: '{ base: "dc=corp,dc=example", filter: "(mail=*)" }',
      ...campaign,
    }),
  });
  const settings = await settingsOf(house);
  const { directory: server, allowPlaintext } = settings;
  const time = { ahead: 0 };
  const clock: Clock = { now: () => Date.now() + time.ahead, sleep: systemClock.sleep };
  const log = silentLogger;
  const keyring = fixedKeyring();
  const prefix = newPrefix();
  const queue = createDeliveryQueue({ redis, prefix, clock });
  let runs = 0;
  return {
    house,
    prefix,
    settings,
    time,
    context: {
      ledger: await createLedger({ redis, prefix, keyring, clock, log }),
      queue,
      directory: createDirectory({ settings: server, allowPlaintext, clock, log }),
      keyring,
      clock,
      log,
      dataDir: join(house.dir, 'data'),
      holder: 'a test',
      newRunId: () => `run-${++runs}`,
    },
    load: async (name = 'main') =>
      prepareCampaign({ campaign: await loadCampaign(settings, name, {}), settings, keyring, clock }),
    async close() {
      await queue.close();
      await house.remove();
    },
  };
}
