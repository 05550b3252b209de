import type { Redis } from 'ioredis';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../lib/clock.js';
import { messageOf } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import type { Relay } from '../mail/relay.js';
import type { SmtpSettings } from '../mail/schema.js';
import type { RunDocument } from '../model/run.js';
import { type Digest, type DigestEvent, digestOf, eventsOf, missedDigest } from './digest.js';
import { mailDigest } from './mail-digest.js';
import { isAtRest } from './rest.js';
import type { SlotEvent } from './slot.js';

export interface NotifyContext {
  readonly redis: Redis;
  readonly prefix: string;
  readonly ledger: Pick<Ledger, 'run' | 'deliveries' | 'paused'>;
  readonly relay: Relay;
  readonly smtp: SmtpSettings;
  readonly notify: { readonly to: readonly string[]; readonly on: readonly DigestEvent[] } | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Mails to `notify.to`, each thing once, however many processes see it and however often they look. */
export interface Notifier {
  /** The digest of a run that has come to rest and has something of what `notify.on` names. */
  run(run: RunDocument): Promise<void>;
  /** That a slot was missed, refused or failed. */
  slot(event: SlotEvent): Promise<void>;
  /** Something that cannot wait for a run, such as a day's limit on suppressions. */
  note(id: string, digest: Digest): Promise<void>;
}

/** How long it is remembered that a digest went out: longer than any run takes. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
/** A process that dies between its claim of a digest and the mail leaves it to another one, this much later. */
const CLAIMED_MS = 5 * 60_000;

export function createNotifier(context: NotifyContext): Notifier {
  const { redis, prefix, ledger, notify, clock, log } = context;

  const once = async (id: string, make: () => Promise<Digest> | Digest) => {
    for (const to of notify?.to ?? []) {
      const key = `${prefix}:digest:${id}:${to}`;
      if ((await redis.set(key, 'claimed', 'PX', CLAIMED_MS, 'NX')) === null) continue;
      try {
        await mailDigest(context, { id, to, digest: await make() });
        await redis.set(key, 'sent', 'PX', REMEMBERED_MS);
      } catch (error) {
        await redis.del(key);
        log.error(
          { id, error: messageOf(error) },
          'the digest could not be mailed; the report has all of it',
        );
      }
    }
  };

  const mailRun = async (run: RunDocument) => {
    const on = notify?.on ?? [];
    const wanted = new Map([...eventsOf(run)].filter(([event]) => on.includes(event)));
    if (wanted.size > 0) await once(run.run, () => digestOf(ledger, run, wanted));
  };

  return {
    async run(run) {
      if (isAtRest(run, clock.now())) await mailRun(run);
    },
    async slot(event) {
      const { campaign, at, kind, reason } = event;
      log.error(
        { campaign, slot: new Date(at).toISOString(), reason, ...(event.run && { run: event.run }) },
        `the scheduled run was ${kind}`,
      );
      const run = event.run === undefined ? undefined : await ledger.run(event.run);
      if (run !== undefined) await mailRun(run);
      else if (notify?.on.includes(kind)) await once(`${campaign}:${at}`, () => missedDigest(event));
    },
    async note(id, digest) {
      await once(id, () => digest);
    },
  };
}
