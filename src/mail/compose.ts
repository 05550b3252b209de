import type { Lines } from '../model/lines.js';
import { mailboxHeader, textHeader } from './header-text.js';
import type { Sender } from './sender.js';
import { BOUNDARY_MARK, encodeLines } from './transfer-encoding.js';

/** A picture that the HTML shows by `cid:`. */
export interface Picture {
  readonly cid: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** All that a message says. The same parts always give the same bytes. */
export interface MailParts {
  readonly from: Sender;
  readonly replyTo?: Sender | undefined;
  /** The person's own address. */
  readonly to: string;
  /** Where set, every message goes there: it stands in To, the person's address in a header and the subject. */
  readonly redirectAllTo: string | null;
  readonly subject: string;
  readonly html: Lines;
  readonly text: string;
  readonly pictures: readonly Picture[];
  /** With its angle brackets; see {@link deliveryMessageId}. */
  readonly messageId: string;
  /** Milliseconds; written as UTC. */
  readonly date: number;
  /** Fixed headers of the caller's own (such as a dry run's mark), by name. Their values are encoded here. */
  readonly headers?: Readonly<Record<string, string>>;
}

const CRLF = '\r\n';

/**
 * The message as it goes after DATA: CRLF line endings, no dots stuffed, nothing that depends on when or where it is
 * made. multipart/alternative of text and HTML; the HTML in a multipart/related with its pictures where it has any.
 */
export function composeMail(parts: MailParts): Buffer {
  const boundary = BOUNDARY_MARK + nameOf(parts.messageId);
  const alternative = `${boundary}-a`;
  const related = `${boundary}-r`;
  const text = encodeLines([parts.text]);
  const html = encodeLines(parts.html);
  const hasPictures = parts.pictures.length > 0;

  const beforeText =
    headersOf(parts) +
    `MIME-Version: 1.0${CRLF}` +
    `Content-Type: multipart/alternative; boundary="${alternative}"${CRLF}${CRLF}` +
    `--${alternative}${CRLF}Content-Type: text/plain; charset=utf-8${CRLF}` +
    `Content-Transfer-Encoding: ${text.encoding}${CRLF}${CRLF}`;
  const beforeHtml =
    `${CRLF}--${alternative}${CRLF}` +
    (hasPictures
      ? `Content-Type: multipart/related; type="text/html";${CRLF} boundary="${related}"${CRLF}${CRLF}--${related}${CRLF}`
      : '') +
    `Content-Type: text/html; charset=utf-8${CRLF}` +
    `Content-Transfer-Encoding: ${html.encoding}${CRLF}${CRLF}`;
  let end = CRLF;
  for (const picture of parts.pictures) end += pictureOf(picture, related);
  if (hasPictures) end += `--${related}--${CRLF}${CRLF}`;
  end += `--${alternative}--${CRLF}`;

  return Buffer.concat([
    Buffer.from(beforeText, 'utf8'),
    ...text.bytes,
    Buffer.from(beforeHtml, 'latin1'),
    ...html.bytes,
    Buffer.from(end, 'latin1'),
  ]);
}

/** As much of a Message-ID's name as a boundary has room for (RFC 2046 §5.1.1): what tells it from others is at its end. */
const nameOf = (messageId: string) =>
  messageId
    .slice(1, messageId.lastIndexOf('@'))
    .replace(/[^A-Za-z0-9.-]/g, '')
    .slice(-24);

function headersOf(parts: MailParts): string {
  const { redirectAllTo } = parts;
  const isRedirected = redirectAllTo !== null && redirectAllTo !== parts.to;
  let headers =
    mailboxHeader('From', parts.from) +
    `To: ${isRedirected ? redirectAllTo : parts.to}${CRLF}` +
    (parts.replyTo ? mailboxHeader('Reply-To', parts.replyTo) : '') +
    textHeader('Subject', isRedirected ? `[for ${parts.to}] ${parts.subject}` : parts.subject) +
    `Message-ID: ${parts.messageId}${CRLF}` +
    // RFC 5322 §3.3 wants the offset in digits
    `Date: ${new Date(parts.date).toUTCString().replace('GMT', '+0000')}${CRLF}` +
    // RFC 3834: no out-of-office answers, please
    `Auto-Submitted: auto-generated${CRLF}` +
    `X-Auto-Response-Suppress: All${CRLF}` +
    (isRedirected ? textHeader('X-Original-To', parts.to) : '');
  for (const [name, value] of Object.entries(parts.headers ?? {})) headers += textHeader(name, value);
  return headers;
}

function pictureOf({ cid, contentType, content }: Picture, boundary: string): string {
  const base64 = content.toString('base64').replace(/.{76}(?=.)/g, `$&${CRLF}`);
  return (
    `--${boundary}${CRLF}Content-Type: ${contentType}${CRLF}` +
    `Content-Transfer-Encoding: base64${CRLF}Content-ID: <${cid}>${CRLF}` +
    `Content-Disposition: inline${CRLF}${CRLF}${base64}${CRLF}`
  );
}
