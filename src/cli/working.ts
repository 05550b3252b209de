import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { loadCampaign } from '../campaign/load-campaign.js';
import { type PreparedCampaign, prepareCampaign } from '../campaign/prepare.js';
import type { Settings } from '../campaign/settings-schema.js';
import { createCampaigns } from '../delivery/campaigns.js';
import { createPost } from '../delivery/post.js';
import type { DeliveryWorker } from '../delivery/worker.js';
import { createJournal } from '../ledger/journal.js';
import { createRelay, type Relay } from '../mail/relay.js';
import { createThrottle } from '../mail/throttle.js';
import { createRelayHold } from '../queue/relay-hold.js';
import type { Session } from './session.js';
import type { Store } from './store.js';

/** Sections that sending needs. */
export const workSections = ['keys', 'redis', 'smtp', 'recipients'] as const;

export type WorkSettings = Settings<(typeof workSections)[number]>;

/** How a campaign is found by the name that the ledger keeps it under. */
export type LoadCampaign = (name: string) => Promise<PreparedCampaign>;

/** From the file in paths.jobs. */
export function loadFrom(settings: Settings<'recipients'>, { keyring, clock }: Store): LoadCampaign {
  return async (name) =>
    prepareCampaign({ campaign: await loadCampaign(settings, name), settings, keyring, clock });
}

/** The relay of the settings, closed with the session. */
export function openRelay(session: Session, { log }: Store, settings: WorkSettings): Relay {
  const { smtp, recipients, allowPlaintext } = settings;
  const relay = createRelay({ settings: smtp, recipients, allowPlaintext, log });
  session.defer(() => relay.close());
  return relay;
}

/** Resolves when the session is to end. @throws ROLLCALL_ERR_LEDGER_BEHIND where the worker has lost its ledger. */
export async function workUntilStopped(signal: AbortSignal, { lost }: DeliveryWorker): Promise<void> {
  const end = AbortSignal.any([signal, lost]);
  if (!end.aborted) await once(end, 'abort');
  lost.throwIfAborted();
}

/** While one delivery is on the connection, the next is claimed and rendered, and the last is recorded: each a wait for Redis. */
const IN_HAND_PER_CONNECTION = 3;

/** A worker in this process, which stops with the session, before what it works with is closed. */
export async function openWorker(
  session: Session,
  store: Store,
  settings: WorkSettings,
  options: { readonly relay: Relay; readonly load: LoadCampaign; readonly concurrency?: number | undefined },
): Promise<DeliveryWorker> {
  const { redis, prefix, ledger, queue, keyring, clock, log } = store;
  const { smtp, recipients, paths } = settings;
  const throttle = createThrottle({ redis, prefix, settings: smtp, clock });
  const journal = await createJournal({ dir: join(paths.data, 'journal'), clock });
  session.defer(() => journal.close());
  // Loaded by those who send alone: BullMQ takes a third of a second.
  const { startWorker } = await import('../delivery/worker.js');
  const worker = await startWorker({
    redis: await store.connectBlocking(),
    prefix,
    ledger,
    queue,
    journal,
    campaigns: createCampaigns(options.load),
    post: createPost({ relay: options.relay, throttle, smtp, recipients, keyring, clock }),
    hold: createRelayHold({ redis, prefix, clock, log }),
    retry: smtp.retry,
    clock,
    random: Math.random,
    newToken: randomUUID,
    log,
    concurrency: options.concurrency ?? smtp.connections * IN_HAND_PER_CONNECTION,
  });
  session.defer(() => worker.stop());
  return worker;
}
