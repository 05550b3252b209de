import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Journal } from '../ledger/journal.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Claim, DeliveryResult, ReplyRecord } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import type { Secret } from '../lib/secret.js';
import type { Verdict } from '../mail/replies.js';
import { nextRetry } from '../mail/retry.js';
import { scrub } from '../mail/scrub.js';
import type { Turn } from '../queue/dispatcher.js';
import type { RelayHold } from '../queue/relay-hold.js';
import type { Campaigns } from './campaigns.js';
import { keepLease, LEASE_MS } from './lease.js';
import type { Post } from './post.js';
import { createRecorder, isRedisTrouble, type Recorder } from './recorder.js';
import { windowOf } from './window.js';

export interface DeliverContext {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly campaigns: Campaigns;
  readonly post: Post;
  readonly hold: RelayHold;
  readonly retry: readonly number[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly newToken: () => string;
  readonly log: Logger;
  /** Aborted when the process is to stop: whatever has not begun its body then goes back to the queue. */
  readonly stopping: AbortSignal;
}

type Claimed = Extract<Claim, { kind: 'claimed' }>;

/** A campaign that cannot be loaded, or a template that has become invalid, is looked at again after this long. */
const BROKEN_CAMPAIGN_MS = 60_000;

/** A delivery that Redis failed before its body began is tried again after this long. */
const REDIS_TROUBLE_MS = 1_000;
/** As long as the relay is left in peace where Redis could not be asked. */
const HOLD_MS = 5_000;

/**
 * One turn of one delivery: claim, render, send, record. The ledger is asked before anything is done and told before the
 * first body byte goes out, so that whatever dies, and whenever, leaves either a delivery that was provably not sent or
 * one that is `uncertain`. Where it is Redis that dies, what has not begun its body goes back to the queue, and what has
 * ends as the server says: the answer is kept on disk, and told to Redis until Redis has it.
 */
export function createDeliver(context: DeliverContext): (delivery: string) => Promise<Turn> {
  const { ledger, campaigns, clock, log, stopping } = context;
  const recorder = createRecorder(context);
  const windows = new WeakMap<PreparedCampaign, (now: number) => number>();

  const nextOpen = (campaign: PreparedCampaign, now: number): number => {
    const { window } = campaign.campaign;
    if (window === undefined) return now;
    let open = windows.get(campaign);
    if (open === undefined) {
      open = windowOf(window);
      windows.set(campaign, open);
    }
    return open(now);
  };

  return async (delivery) => {
    if (stopping.aborted) return { kind: 'back' };
    const token = context.newToken();
    let claim: Claim;
    try {
      claim = await ledger.claim(delivery, { token, leaseMs: LEASE_MS });
    } catch (error) {
      // Should the claim have been made all the same, its lease runs out.
      if (!isRedisTrouble(error)) throw error;
      log.warn({ delivery, error: messageOf(error) }, 'the delivery cannot be claimed now');
      return { kind: 'later', at: clock.now() + REDIS_TROUBLE_MS };
    }
    if (claim.kind === 'done' || claim.kind === 'parked') return { kind: 'done' };
    if (claim.kind === 'later') return { kind: 'later', at: claim.at };

    const lease = keepLease(ledger, delivery, token);
    try {
      return await turn(claim, token);
    } finally {
      lease.stop();
    }
  };

  async function turn(claim: Claimed, token: string): Promise<Turn> {
    const { delivery } = claim;
    const putBack = async (notBefore: number, reason: string): Promise<Turn> => {
      await recorder.record(delivery, token, { status: 'queued', notBefore, reason });
      return notBefore > clock.now() ? { kind: 'later', at: notBefore } : { kind: 'back' };
    };

    let campaign: PreparedCampaign;
    try {
      campaign = await campaigns.of(claim.campaign, claim.run);
    } catch (error) {
      log.error(
        { campaign: claim.campaign, error: messageOf(error) },
        'the campaign cannot be loaded; its deliveries wait',
      );
      return putBack(clock.now() + BROKEN_CAMPAIGN_MS, 'campaign cannot be loaded');
    }

    const now = clock.now();
    const end = claim.firstAttempt + campaign.campaign.expiresAfter;
    if (claim.attempt > 1 && now >= end) {
      await recorder.record(delivery, token, {
        status: 'expired',
        reply: noteOf('expiresAfter has passed'),
      });
      return { kind: 'done' };
    }
    const open = nextOpen(campaign, now);
    if (open > now) return putBack(open, 'quiet hours');

    return attempt(context, { claim, token, campaign, end, putBack, recorder });
  }
}

interface Attempt {
  readonly claim: Claimed;
  readonly token: string;
  readonly campaign: PreparedCampaign;
  /** When the delivery expires. */
  readonly end: number;
  readonly putBack: (notBefore: number, reason: string) => Promise<Turn>;
  readonly recorder: Recorder;
}

async function attempt(
  context: DeliverContext,
  { claim, token, campaign, end, putBack, recorder }: Attempt,
): Promise<Turn> {
  const { ledger, post, hold, clock, log } = context;
  const { delivery } = claim;
  const done = async (result: DeliveryResult): Promise<Turn> => {
    await recorder.record(delivery, token, result);
    return { kind: 'done' };
  };
  /** The relay lives. A hold that cannot be lifted ends by itself. */
  const relayIsUp = () =>
    hold.up(begun).catch((error) => log.debug({ error: messageOf(error) }, 'a hold could not be lifted'));

  const message = await post.write(claim, campaign).catch((error): DeliveryResult => renderFailure(error));
  if ('status' in message) return done(message);

  const begun = clock.now();
  let isOurs = true;
  let hasBegun = false;
  const sent = await post
    .send(message, {
      signal: context.stopping,
      onBody: async () => {
        isOurs = await ledger.beginBody(delivery, token);
        hasBegun = isOurs;
        return isOurs;
      },
    })
    .catch((error: unknown) => {
      // Before the first body byte nothing is in doubt, whatever Redis makes of a command whose answer was lost.
      if (hasBegun || !isRedisTrouble(error)) throw error;
      return { kind: 'redis-trouble' } as const;
    });
  if (sent.kind === 'redis-trouble') return putBack(clock.now() + REDIS_TROUBLE_MS, 'Redis did not answer');
  if (sent.kind === 'no-token') {
    if (sent.holds === 'domain') return putBack(clock.now() + sent.ms, 'pace');
    await putBack(clock.now(), 'pace');
    return { kind: 'hold', ms: sent.ms };
  }
  const { verdict } = sent;
  const reply = recordOf(verdict, message.secrets);

  switch (verdict.status) {
    case 'sent':
      await recordAccepted(context, recorder, { delivery, token, reply });
      await relayIsUp();
      return { kind: 'done' };
    case 'failed':
      await done({
        status: 'failed',
        reply,
        ...(verdict.suggestsSuppression && { detail: 'bad-address' }),
      });
      await relayIsUp();
      return { kind: 'done' };
    case 'uncertain':
      return done({ status: 'uncertain', reply });
    case 'deferred': {
      const wait = nextRetry(claim.attempt, context.retry, verdict.retryAfterMs, context.random);
      const notBefore = Math.min(clock.now() + wait, Math.max(end, clock.now() + 1_000));
      await recorder.record(delivery, token, { status: 'deferred', notBefore, reply });
      return { kind: 'later', at: notBefore };
    }
    case 'relay-down': {
      await recorder.record(delivery, token, {
        status: 'queued',
        notBefore: clock.now(),
        reason: `relay: ${reply.text}`,
      });
      const wait = await hold.down(reply.text).catch(() => HOLD_MS);
      return { kind: 'hold', ms: Math.max(wait, verdict.retryAfterMs ?? 0) };
    }
    case 'withdrawn':
      // Paused, cancelled or superseded at the last moment: the ledger has seen to it. Otherwise this process is to stop.
      return isOurs ? putBack(clock.now(), 'the worker stops') : { kind: 'done' };
  }
}

/**
 * The journal first: should Redis or this process be gone at this very moment, the next start still knows that the message
 * was taken. A journal that cannot be written is no reason to keep it from the ledger.
 */
async function recordAccepted(
  { journal, log }: DeliverContext,
  recorder: Recorder,
  { delivery, token, reply }: { delivery: string; token: string; reply: ReplyRecord },
): Promise<void> {
  await journal
    .accepted(delivery, token, reply)
    .catch((error) =>
      log.error({ delivery, error: messageOf(error) }, 'the journal of accepted messages cannot be written'),
    );
  await recorder.record(delivery, token, { status: 'sent', reply });
  journal.done(delivery);
}

const noteOf = (text: string): ReplyRecord => ({ code: 0, enhanced: undefined, text });

function recordOf({ reply }: Verdict, secrets: readonly Secret[]): ReplyRecord {
  return { ...reply, text: scrub(reply.text, secrets) };
}

/** A person whose mail cannot be rendered fails alone, and is planned again once that has changed. */
function renderFailure(error: unknown): DeliveryResult {
  if (!(error instanceof RollcallError)) throw error;
  return { status: 'failed', detail: 'render', code: error.code, reply: noteOf(error.message) };
}
