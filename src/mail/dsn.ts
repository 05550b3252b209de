import PostalMime, { type Email } from 'postal-mime';
import { type FieldBlock, readFieldBlocks, readFields } from './dsn-fields.js';
import { parseReply } from './replies.js';

/** RFC 3464 §2.3.3. */
export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

/** What a report says of one recipient. */
export interface DsnRecipient {
  readonly action: DsnAction;
  /** RFC 3463, such as "5.1.1". */
  readonly status: string;
  readonly recipient: string;
  /** The address that the mail was sent to, where a server on the way kept it (RFC 3461 §4.2: ORCPT). */
  readonly originalRecipient: string | undefined;
  /** What the other server said; may quote anything: scrub it before it is kept. */
  readonly diagnostic: string | undefined;
  /** It failed for good, and because of the address. */
  readonly isHard: boolean;
}

export type BounceMail =
  | {
      readonly kind: 'dsn';
      readonly recipients: readonly DsnRecipient[];
      /** The addresses that the report was sent to: one of them may be of VERP's making. */
      readonly addressedTo: readonly string[];
      /** Original-Envelope-Id: our ENVID. */
      readonly envelopeId: string | undefined;
      /** Message-ID of what is reported about, with its angle brackets. */
      readonly messageId: string | undefined;
      /** The report's own Date, in milliseconds. */
      readonly date: number | undefined;
    }
  /** Out of office and the like (RFC 3834). */
  | { readonly kind: 'auto-reply' }
  /** A report about something else: abuse (RFC 5965), reading (RFC 8098). */
  | { readonly kind: 'other-report'; readonly detail: string }
  /** No report, or one too damaged to be trusted. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** A report about one of our mails is a few kilobytes; with the whole mail returned, some hundreds. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_RECIPIENTS = 1_000;

/**
 * Reads one message of the bounce mailbox. Takes for a report only what is one beyond doubt: whatever is cut off,
 * mangled or contradicts itself is `unknown`, for a bounce that is misread suppresses somebody. Never throws.
 */
export async function parseDsn(raw: Buffer): Promise<BounceMail> {
  if (raw.length > MAX_BYTES) return unknown(`larger than ${MAX_BYTES} bytes`);
  let mail: Email;
  try {
    mail = await PostalMime.parse(raw, { rfc822Attachments: true, maxNestingDepth: 16 });
  } catch {
    return unknown('not readable as a message');
  }
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
  const isFromNobody = NOBODY.test(header('return-path')?.trim() ?? '');
  const contentType = header('content-type') ?? '';
  const reportType = /^\s*multipart\/report\b/i.test(contentType)
    ? (parameter(contentType, 'report-type') ?? '').toLowerCase()
    : undefined;

  if (reportType === undefined) return isAutoReply(header) ? { kind: 'auto-reply' } : unknown('not a report');
  if (reportType !== 'delivery-status') return { kind: 'other-report', detail: reportType };
  // RFC 3464 §2: a report has no sender, so that nobody can be made to answer one
  if (!isFromNobody) return unknown('a report with a sender');

  const parts = partsOf(mail, /^message\/(?:global-)?delivery-status$/);
  const [status] = parts;
  if (status === undefined || parts.length > 1) return unknown(`${parts.length} delivery-status parts`);
  if (!isPartComplete(raw, parameter(contentType, 'boundary'))) return unknown('cut off');

  const blocks = readFieldBlocks(status);
  if (blocks.length > MAX_RECIPIENTS) return unknown('too many recipients');
  const about = blocks.filter(({ fields }) => fields.has('action') || fields.has('final-recipient'));
  const recipients = about.map((block) => recipientOf(block, mail.text ?? ''));
  const sound = recipients.filter((recipient) => recipient !== undefined);
  if (sound.length === 0 || sound.length < about.length) return unknown('fields that do not fit together');

  const returned = partsOf(
    mail,
    /^(?:text\/rfc822-headers|message\/rfc822|message\/global(?:-headers)?)$/,
  )[0];
  return {
    kind: 'dsn',
    recipients: sound,
    addressedTo: ['to', 'delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) =>
      mail.headers.filter(({ key }) => key === name).flatMap(({ value }) => addressesIn(value)),
    ),
    envelopeId: blocks[0]?.fields.get('original-envelope-id') || undefined,
    messageId: returned === undefined ? undefined : messageIdOf(returned),
    date: Date.parse(header('date') ?? '') || undefined,
  };
}

/** The empty sender, as it is written down at delivery; sendmail gives it a name. */
const NOBODY = /^(?:<(?:mailer-daemon(?:@[^\s<>]*)?)?>)?$/i;

const unknown = (detail: string): BounceMail => ({ kind: 'unknown', detail });

function isAutoReply(header: (name: string) => string | undefined): boolean {
  const submitted = header('auto-submitted')?.trim().toLowerCase();
  return (
    (submitted !== undefined && submitted !== 'no') ||
    header('x-autoreply') !== undefined ||
    header('x-autorespond') !== undefined ||
    header('precedence')?.trim().toLowerCase() === 'auto_reply'
  );
}

function parameter(contentType: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(contentType);
  return found?.[1] ?? found?.[2];
}

function partsOf(mail: Email, type: RegExp): string[] {
  return mail.attachments
    .filter(({ mimeType }) => type.test(mimeType.toLowerCase()))
    .map(({ content }) =>
      typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('utf8'),
    );
}

/** Whether something follows the delivery-status part: otherwise its last field may be half of one. */
function isPartComplete(raw: Buffer, boundary: string | undefined): boolean {
  if (!boundary) return false;
  const text = raw.toString('latin1');
  const at = text.search(/^content-type:\s*message\/(?:global-)?delivery-status/im);
  return at >= 0 && text.indexOf(`\n--${boundary}`, at) >= 0;
}

const ACTIONS: Readonly<Record<DsnAction, RegExp>> = {
  failed: /^[45]\./,
  delayed: /^4\./,
  delivered: /^2\./,
  relayed: /^2\./,
  expanded: /^2\./,
};

/** @param words what the report says to people */
function recipientOf({ fields, repeated }: FieldBlock, words: string): DsnRecipient | undefined {
  const action = fields
    .get('action')
    ?.toLowerCase()
    .replace(/\s*\(.*\)$/, '');
  const status = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(fields.get('status') ?? '')?.[1];
  const recipient = typedAddress(fields.get('final-recipient'));
  if (!isAction(action) || status === undefined || recipient === undefined) return undefined;
  if (!ACTIONS[action].test(status)) return undefined;
  if (['action', 'status', 'final-recipient'].some((name) => repeated.has(name))) return undefined;
  const diagnostic = fields.get('diagnostic-code') ?? '';
  const said = parseReply(/^smtp\s*;\s*(.*)$/is.exec(diagnostic)?.[1] ?? '');
  // Exim gives 5.0.0 for every failure: a full mailbox, and what it gave up after days of 4xx
  const told = status.endsWith('.0.0') ? (said.enhanced ?? status) : status;
  return {
    // and calls delivered what it has handed to a server that does not report
    action: action === 'delivered' && words.includes(`<${recipient}> (relayed`) ? 'relayed' : action,
    status: ACTIONS[action].test(told) ? told : status,
    recipient,
    originalRecipient: typedAddress(fields.get('original-recipient')),
    diagnostic: diagnostic.replace(/^[\w-]+\s*;\s*/, '') || undefined,
    isHard: action === 'failed' && isAboutAddress(told) && (told !== '5.0.0' || NO_MAILBOX.has(said.code)),
  };
}

const isAction = (text: string | undefined): text is DsnAction =>
  text !== undefined && Object.hasOwn(ACTIONS, text);

/** A reply without an enhanced status that is about the mailbox (RFC 5321 §4.2.3); 0: there is none to go by. */
const NO_MAILBOX: ReadonlySet<number> = new Set([0, 550, 551, 553]);

/** Not a full mailbox, a message too long, a system out of order, contents or policy (RFC 3463 §3.3 to §3.8). */
function isAboutAddress(status: string): boolean {
  return status.startsWith('5.') && !/^5\.(?:2\.[23]|3\.\d+|5\.\d+|6\.\d+|7\.\d+)$/.test(status);
}

/** "rfc822; ada@corp.example" → "ada@corp.example" (RFC 3464 §2.3.2, RFC 6533 §3). */
function typedAddress(field: string | undefined): string | undefined {
  const found = /^(?:rfc822|utf-8)\s*;\s*<?([^\s<>]+@[^\s<>]+)>?$/i.exec(field ?? '');
  return found?.[1];
}

function addressesIn(header: string): string[] {
  return header.match(/[^\s<>,;:"()]+@[^\s<>,;:"()]+/g) ?? [];
}

function messageIdOf(returned: string): string | undefined {
  const head = returned.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const { fields, repeated } = readFields(head);
  if (repeated.has('message-id')) return undefined;
  return /^<[^<>\s]+>$/.exec(fields.get('message-id') ?? '')?.[0];
}
