import type { PreparedCampaign } from '../campaign/prepare.js';
import { asLedgerError } from '../ledger/scripts.js';
import type { Claim } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { Secret } from '../lib/secret.js';
import { composeMail } from '../mail/compose.js';
import { deliveryMessageId } from '../mail/message-id.js';
import { checkRecipient } from '../mail/recipients.js';
import type { Relay } from '../mail/relay.js';
import { classify, noReply, type Verdict } from '../mail/replies.js';
import type { RecipientSettings, SmtpSettings } from '../mail/schema.js';
import type { Throttle } from '../mail/throttle.js';
import { bounceToken, envelopeSender } from '../mail/verp.js';

type Claimed = Extract<Claim, { kind: 'claimed' }>;

/** A message ready to go. */
export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
  /** What a DSN will call it. */
  readonly envelopeId: string;
  /** What must not be kept of a reply that quotes it. */
  readonly secrets: readonly Secret[];
}

export type Posted =
  | { readonly kind: 'answered'; readonly verdict: Verdict }
  /** The pace allows no message for so long: none to this domain, or to nobody at all. */
  | { readonly kind: 'no-token'; readonly ms: number; readonly holds: 'domain' | 'everybody' };

/** From a claimed delivery to what the relay made of it. */
export interface Post {
  /** @throws RollcallError when the mail cannot be rendered, or must not go to that address. */
  write(claim: Claimed, campaign: PreparedCampaign): Promise<Letter>;
  send(letter: Letter, options: { signal: AbortSignal; onBody: () => Promise<boolean> }): Promise<Posted>;
}

export interface PostContext {
  readonly relay: Relay;
  readonly throttle: Throttle;
  readonly smtp: SmtpSettings;
  readonly recipients: RecipientSettings;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/**
 * How long a delivery waits on its connection for the pace that everybody keeps. Stepping aside would only send the next one
 * to the end of the same wait, and so on through the whole queue; but a server ends a connection that idles for minutes.
 */
const PATIENCE_MS = 30_000;

export function createPost(context: PostContext): Post {
  const { relay, throttle, smtp, recipients, keyring, clock } = context;
  const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

  return {
    async write(claim, campaign) {
      const assignment = campaign.thaw(claim.payload);
      // Asked again at the last moment: the settings may have changed since the plan.
      const recipient = checkRecipient(claim.address, recipients);
      if (!recipient.ok)
        throw new RollcallError('ROLLCALL_ERR_RECIPIENT', `${claim.address}: ${recipient.detail}.`);
      const { uri, ...rendered } = await campaign.render(assignment);
      const token = bounceToken(keyring, claim.delivery);
      const bytes = composeMail({
        from: smtp.from,
        replyTo: smtp.replyTo,
        to: recipient.address,
        redirectAllTo: recipients.redirectAllTo,
        messageId: deliveryMessageId(token, smtp.from.domain),
        date: claim.date,
        ...rendered,
      });
      return {
        from: envelopeSender(smtp, token),
        to: recipient.envelopeTo,
        bytes,
        envelopeId: token,
        secrets: [assignment.password, uri].filter((secret) => secret !== undefined),
      };
    },

    async send(letter, { signal, onBody }) {
      const connection = await relay.acquire(signal).catch((error) => {
        if (!signal.aborted) throw error;
        return { verdict: { status: 'withdrawn', reply: noReply('stopping') } } as const;
      });
      if ('verdict' in connection) return { kind: 'answered', verdict: connection.verdict };
      try {
        const patience = clock.now() + PATIENCE_MS;
        for (;;) {
          const leave = await throttle.take(domainOf(letter.to)).catch((error: unknown) => {
            throw asLedgerError(error);
          });
          if (leave.kind === 'go') break;
          const { kind, ms } = leave;
          if (kind === 'aside' || signal.aborted) return { kind: 'no-token', ms, holds: 'domain' };
          if (clock.now() + ms > patience) return { kind: 'no-token', ms, holds: 'everybody' };
          await clock.sleep(ms, signal).catch(() => {});
        }
        const result = await connection.send({
          envelope: { from: letter.from, to: letter.to },
          message: letter.bytes,
          envelopeId: letter.envelopeId,
          onBody,
          signal,
        });
        return { kind: 'answered', verdict: classify(result) };
      } finally {
        connection.release();
      }
    },
  };
}
