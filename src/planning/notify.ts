import type { Redis } from 'ioredis';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../lib/clock.js';
import { messageOf } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import { composeMail } from '../mail/compose.js';
import { createMessageId } from '../mail/message-id.js';
import type { Relay } from '../mail/relay.js';
import { classify } from '../mail/replies.js';
import type { SmtpSettings } from '../mail/schema.js';
import type { RunDocument } from '../model/run.js';
import { type Digest, type DigestEvent, digestOf, missedDigest } from './digest.js';
import type { SlotEvent } from './slot.js';

export interface NotifyContext {
  readonly redis: Redis;
  readonly prefix: string;
  readonly ledger: Ledger;
  readonly relay: Relay;
  readonly smtp: SmtpSettings;
  readonly notify: { readonly to: readonly string[]; readonly on: readonly DigestEvent[] } | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Notifier {
  /** Mails the digest of a run that has come to rest, once, however many processes see it. */
  run(run: RunDocument): Promise<void>;
  /** Mails that a slot was missed, refused or failed. */
  slot(event: SlotEvent): Promise<void>;
  /** Mails something that cannot wait for a run, such as a day's limit on suppressions. */
  note(id: string, digest: Digest): Promise<void>;
}

/** How long it is remembered that a digest went out: longer than any run takes. */
const REMEMBERED_S = 30 * 24 * 3_600;

export function createNotifier(context: NotifyContext): Notifier {
  const { redis, prefix, ledger, notify, log } = context;

  const once = async (id: string, make: () => Promise<Digest | undefined> | Digest) => {
    if (notify === undefined) return;
    const digest = await make();
    if (digest === undefined) return;
    const first = await redis.set(`${prefix}:digest:${id}`, '1', 'EX', REMEMBERED_S, 'NX');
    if (first === null) return;
    for (const to of notify.to) {
      await send(context, id, to, digest).catch((error) =>
        log.error(
          { id, error: messageOf(error) },
          'the digest could not be mailed; the report has all of it',
        ),
      );
    }
  };

  return {
    async run(run) {
      await once(run.run, () => digestOf(ledger, run, notify?.on ?? []));
    },
    async slot(event) {
      const topic: DigestEvent = event.kind;
      log.error(
        { campaign: event.campaign, slot: new Date(event.at).toISOString(), reason: event.reason },
        `the scheduled run was ${event.kind}`,
      );
      if (notify?.on.includes(topic)) await once(`${event.campaign}:${event.at}`, () => missedDigest(event));
    },
    async note(id, digest) {
      await once(id, () => digest);
    },
  };
}

async function send(
  context: NotifyContext,
  id: string,
  to: string,
  { subject, text }: Digest,
): Promise<void> {
  const { relay, smtp, clock } = context;
  const connection = await relay.acquire();
  if ('verdict' in connection) throw connection.error;
  try {
    const domain = smtp.from.address.slice(smtp.from.address.lastIndexOf('@') + 1);
    const result = await connection.send({
      envelope: { from: smtp.bounceAddress ?? smtp.from.address, to },
      message: composeMail({
        from: smtp.from,
        to,
        redirectAllTo: null,
        subject,
        text,
        html: `<pre style="font: 14px/1.5 monospace">${escapeHtml(text)}</pre>`,
        pictures: [],
        messageId: createMessageId(`digest|${id}|${to}`, domain),
        date: clock.now(),
      }),
      envelopeId: `digest-${clock.now()}`,
      onBody: async () => true,
    });
    const { status, reply } = classify(result);
    if (status !== 'sent') throw new Error(`${status}: ${reply.code} ${reply.text}`);
  } finally {
    connection.release();
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeHtml = (text: string) => text.replace(/[&<>]/g, (letter) => ENTITIES[letter] ?? letter);
