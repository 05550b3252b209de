/**
 * Plans and delivers in a process of its own that kills itself at a named point. Takes one JSON argument
 * `{ config, point?, deliveries? }`. Without a point it does what any worker does at its start: replays the journal, makes
 * the queue agree with the ledger, and gives all that are open, and then the deliveries named, one turn each.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { prepareCampaign } from '../../src/campaign/prepare.js';
import { createOutput } from '../../src/cli/output.js';
import { planningContext } from '../../src/cli/planning.js';
import { openStore } from '../../src/cli/store.js';
import { workSections } from '../../src/cli/working.js';
import { createCampaigns } from '../../src/delivery/campaigns.js';
import { createDeliver } from '../../src/delivery/deliver.js';
import { createPost, type Post } from '../../src/delivery/post.js';
import { reconcile } from '../../src/delivery/reconcile.js';
import { createJournal, type Journal } from '../../src/ledger/journal.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { silentLogger as log } from '../../src/lib/log.js';
import { createRelay } from '../../src/mail/relay.js';
import { createThrottle } from '../../src/mail/throttle.js';
import { planRun } from '../../src/planning/run.js';
import type { DeliveryQueue } from '../../src/queue/delivery-queue.js';
import { createRelayHold } from '../../src/queue/relay-hold.js';

/** Between which two steps the process dies. */
export type Point =
  | 'planned'
  | 'claimed'
  | 'rendered'
  | 'body marked'
  /** The server kills it: here the message is only made long enough for a middle. */
  | 'in the body'
  | 'accepted'
  | 'journalled'
  | 'recorded';

const {
  config,
  point,
  deliveries = [],
} = JSON.parse(process.argv[2] ?? '{}') as {
  config: string;
  point?: Point;
  deliveries?: string[];
}; // from the test

/** Nothing after this line is run: not a timer, not a write that is waiting. */
function dieAt(here: Point): void {
  if (here === point) process.kill(process.pid, 'SIGKILL');
}

const settings = await loadSettings(config, [...workSections, 'directory'], process.env);
const store = await openStore(
  {
    out: createOutput({ json: true, env: process.env }),
    signal: new AbortController().signal,
    env: process.env,
    defer: () => {},
  },
  settings,
  { log },
);
const { clock, redis, prefix, keyring } = store;
const campaign = await prepareCampaign({
  campaign: await loadCampaign(settings, 'onboarding'),
  settings,
  keyring,
  clock,
});

const queue: DeliveryQueue = {
  ...store.queue,
  async add(...args) {
    dieAt('planned');
    await store.queue.add(...args);
  },
};
const ledger: Ledger = {
  ...store.ledger,
  async claim(...args) {
    const claim = await store.ledger.claim(...args);
    dieAt('claimed');
    return claim;
  },
  async beginBody(...args) {
    const goes = await store.ledger.beginBody(...args);
    dieAt('body marked');
    return goes;
  },
  async record(...args) {
    if (args[2].status === 'sent') dieAt('journalled');
    const answer = await store.ledger.record(...args);
    dieAt('recorded');
    return answer;
  },
};
const disk = await createJournal({ dir: join(settings.paths.data, 'journal'), clock });
const journal: Journal = {
  ...disk,
  async accepted(...args) {
    dieAt('accepted');
    await disk.accepted(...args);
  },
};
const relay = createRelay({
  settings: settings.smtp,
  recipients: settings.recipients,
  allowPlaintext: false,
  log,
});
const sending = createPost({
  relay,
  throttle: createThrottle({ redis, prefix, settings: settings.smtp, clock }),
  smtp: settings.smtp,
  recipients: settings.recipients,
  keyring,
  clock,
});
const LONG = Buffer.from(`${'x'.repeat(78)}\r\n`.repeat(200_000));
const post: Post = {
  ...sending,
  async write(...args) {
    const letter = await sending.write(...args);
    dieAt('rendered');
    return point === 'in the body' ? { ...letter, bytes: Buffer.concat([letter.bytes, LONG]) } : letter;
  },
};

if ((await ledger.campaigns()).length === 0)
  await planRun(
    { ...planningContext(store, settings), queue, newRunId: () => randomBytes(4).toString('hex') },
    { campaign, trigger: 'manual' },
  );
if (point === undefined) {
  await journal.replay(ledger);
  await reconcile({ ledger, queue, log });
}
const deliver = createDeliver({
  ledger,
  journal,
  campaigns: createCampaigns(async () => campaign),
  post,
  hold: createRelayHold({ redis, prefix, clock, log }),
  retry: settings.smtp.retry,
  clock,
  random: Math.random,
  newToken: randomUUID,
  log,
  stopping: new AbortController().signal,
});
if (point === undefined)
  for await (const page of ledger.open()) for (const { delivery } of page) await deliver(delivery);
// BullMQ gives a job again whose end it never heard of.
for (const delivery of deliveries) await deliver(delivery);
await journal.close();
process.exit(0);
