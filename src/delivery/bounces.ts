import type { DeliveryReport, DeliveryRow, ReportLedger, ReportOutcome } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import type { Keyring } from '../lib/keyring.js';
import type { Logger } from '../lib/log.js';
import { type BounceMail, type DsnAction, type DsnRecipient, parseDsn } from '../mail/dsn.js';
import type { FoundMessage } from '../mail/maildir.js';
import { deliveryOfMessageId } from '../mail/message-id.js';
import type { BounceSettings, SmtpSettings } from '../mail/schema.js';
import { scrub } from '../mail/scrub.js';
import { deliveryOfToken, looksLikeToken, tokenOfSender } from '../mail/verp.js';

/** Why a message was put aside: nothing in the ledger changed. */
export type AsideReason =
  /** Out of office and the like. */
  | 'autoReply'
  /** A report about something else than delivery. */
  | 'otherReport'
  /** No report, or one too damaged to be trusted. */
  | 'unreadable'
  /** A report about mail that is not ours, or that the ledger has forgotten. */
  | 'notOurs'
  /** It names a delivery under a signature that is not ours, or two deliveries at once. */
  | 'forged';

/** What came of one message. */
export type Taken =
  | (ReportOutcome & { readonly taken: Exclude<ReportOutcome['taken'], 'unknown'> })
  | { readonly taken: 'aside'; readonly why: AsideReason; readonly detail: string };

/** What came of all the messages that were read. The first four and those put aside add up to `read`. */
export interface BounceCounts {
  readonly read: number;
  /** A delivery's status changed. */
  readonly applied: number;
  /** Written to a delivery's history: it waits in a queue, or says once more what is known. */
  readonly noted: number;
  /** This very report was taken before. */
  readonly known: number;
  /** The delivery is in a status that no report changes. */
  readonly ignored: number;
  /** Addresses suppressed. */
  readonly suppressed: number;
  /** Addresses that were not suppressed, because of `bounces.maxSuppressionsPerDay`. */
  readonly held: number;
  readonly aside: Readonly<Record<AsideReason, number>>;
}

export interface BounceContext {
  readonly ledger: ReportLedger & { delivery(delivery: string): Promise<DeliveryRow | undefined> };
  readonly keyring: Keyring;
  readonly smtp: Pick<SmtpSettings, 'from' | 'bounceAddress' | 'verp'>;
  readonly bounces: Pick<BounceSettings, 'maxSuppressionsPerDay'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The day's limit on suppressions holds one back; called for each, on a day (UTC) such as "2026-11-22". */
  readonly onLimit: (day: string) => Promise<void>;
}

/**
 * Takes one message of the bounce mailbox into the ledger. Doing it twice changes nothing.
 * @throws what the ledger throws; the message should then be read again
 */
export async function takeBounce(context: BounceContext, raw: Buffer): Promise<Taken> {
  const mail = await parseDsn(raw);
  if (mail.kind === 'auto-reply') return aside('autoReply', 'an automatic answer');
  if (mail.kind === 'other-report') return aside('otherReport', mail.detail);
  if (mail.kind === 'unknown') return aside('unreadable', mail.detail);
  const match = deliveryOf(context, mail);
  if (match.kind !== 'found') return aside(match.kind, match.detail);

  const row = await context.ledger.delivery(match.delivery);
  if (row === undefined) return aside('notOurs', 'the ledger does not know the delivery any more');
  const outcome = await context.ledger.applyReport(match.delivery, reportOf(context, mail, row));
  if (outcome.suppression === 'held') await context.onLimit(dayOf(context.clock.now()));
  // Erased between the two questions.
  if (outcome.taken === 'unknown') return aside('notOurs', 'the ledger does not know the delivery any more');
  return { ...outcome, taken: outcome.taken };
}

/** Takes them all, one after the other, and moves each to where it belongs once the ledger has it. */
export async function readBounces(
  context: BounceContext,
  messages: AsyncIterable<FoundMessage>,
): Promise<BounceCounts> {
  const counts = { read: 0, applied: 0, noted: 0, known: 0, ignored: 0, suppressed: 0, held: 0 };
  const put = { autoReply: 0, otherReport: 0, unreadable: 0, notOurs: 0, forged: 0 };
  for await (const message of messages) {
    const result = await takeBounce(context, message.raw);
    counts.read += 1;
    if (result.taken === 'aside') {
      put[result.why] += 1;
      context.log.info(
        { message: message.name, why: result.why, detail: result.detail },
        'a message that is no bounce of ours was put aside',
      );
      await message.aside();
      continue;
    }
    counts[result.taken] += 1;
    if (result.suppression === 'new') counts.suppressed += 1;
    if (result.suppression === 'held') counts.held += 1;
    await message.processed();
  }
  return { ...counts, aside: put };
}

const aside = (why: AsideReason, detail: string): Taken => ({ taken: 'aside', why, detail });

const dayOf = (now: number) => new Date(now).toISOString().slice(0, 10);

type Dsn = Extract<BounceMail, { kind: 'dsn' }>;

type Match =
  | { readonly kind: 'found'; readonly delivery: string }
  | { readonly kind: 'notOurs' | 'forged'; readonly detail: string };

/**
 * By the address that the report came to, by the ENVID, by the Message-ID of what was returned, in this order; never by
 * the recipient's address, which anybody can write into a report. All three are signed: a server that knows one of them
 * has had the message. A signature that is not ours, or two that contradict each other, make all of it untrustworthy.
 */
function deliveryOf({ keyring, smtp }: BounceContext, mail: Dsn): Match {
  const { addressedTo, envelopeId, messageId } = mail;
  const tokens = addressedTo
    .map((address) => tokenOfSender(address, smtp))
    .filter((token) => token !== undefined);
  const claims = [
    ...tokens.map((token) => deliveryOfToken(keyring, token)),
    ...(envelopeId !== undefined && looksLikeToken(envelopeId) ? [deliveryOfToken(keyring, envelopeId)] : []),
    ...(messageId !== undefined && looksLikeToken(messageId.slice(1, messageId.lastIndexOf('@')))
      ? [deliveryOfMessageId(keyring, messageId)]
      : []),
  ];
  const [first] = claims;
  if (claims.length === 0) return { kind: 'notOurs', detail: 'a report about mail that is not ours' };
  if (first === undefined || claims.includes(undefined))
    return { kind: 'forged', detail: 'its signature is not ours' };
  return claims.some((delivery) => delivery !== first)
    ? { kind: 'forged', detail: 'it names two deliveries' }
    : { kind: 'found', delivery: first };
}

/** A mail that an alias made several of: as long as one of them may arrive, it has not bounced. */
const BEST_FIRST: readonly DsnAction[] = ['delivered', 'relayed', 'expanded', 'delayed', 'failed'];

function reportOf({ bounces, clock }: BounceContext, mail: Dsn, row: DeliveryRow): DeliveryReport {
  const [recipient = mail.recipients[0]] = BEST_FIRST.flatMap((action) =>
    mail.recipients.filter((one) => one.action === action),
  );
  if (recipient === undefined) throw new TypeError('A report has recipients, or it is none.');
  const { action, status, diagnostic = '', isHard } = recipient;
  const report = { action, status, diagnostic: scrub(diagnostic, []), at: mail.date, hard: isHard };
  if (!isHard || !isAbout(recipient, row.address)) return report;
  return {
    ...report,
    suppress: {
      address: row.address,
      reason: ['bounced:', status, report.diagnostic].filter(Boolean).join(' '),
      since: clock.now(),
      by: 'rollcall',
      maxPerDay: bounces.maxSuppressionsPerDay,
    },
  };
}

/**
 * Whether the address that is to be suppressed is the one that failed, under its own name or, with ORCPT, under the one
 * that a server on the way gave it. It is not where every message goes to one address of a test (`redirectAllTo`).
 */
function isAbout({ recipient, originalRecipient }: DsnRecipient, address: string): boolean {
  const fold = (text: string) => text.toLowerCase();
  return [recipient, originalRecipient].some((one) => one !== undefined && fold(one) === fold(address));
}
