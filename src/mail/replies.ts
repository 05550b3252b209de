/** What the server said, without its code in the text. */
export interface Reply {
  /** 0 where there was no reply. */
  readonly code: number;
  /** RFC 3463, such as "5.1.1". */
  readonly enhanced: string | undefined;
  readonly text: string;
}

export const noReply = (text: string): Reply => ({ code: 0, enhanced: undefined, text });

/** Reads a reply of one or more lines as the client library hands it over (RFC 5321 §4.2, RFC 2034 §4). */
export function parseReply(response: string): Reply {
  const lines = response.split(/\r?\n/);
  const first = /^(\d{3})(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?=\s|$))?|$)/.exec(lines[0] ?? '');
  const text = lines
    .map((line) => line.replace(/^\d{3}(?:[ -]|$)/, '').replace(/^[245]\.\d{1,3}\.\d{1,3}(?:\s+|$)/, ''))
    .join(' ')
    .trim();
  return { code: Number(first?.[1] ?? 0), enhanced: first?.[2], text };
}

/**
 * How far a message got, by what was handed to the socket: `nothing` of its body; `body`: some, but not the final dot,
 * so that the server cannot have taken it; `dot`: all, so that it may have; `answered`: the server said what it did.
 */
export type SendPhase = 'nothing' | 'body' | 'dot' | 'answered';

/** Why there is no reply to go by. */
export type SendFault =
  /** The connection ended. */
  | 'lost'
  | 'timeout'
  /** It ended between two messages, and no other could be had. */
  | 'unreachable'
  /** The signal, before the first body byte. */
  | 'aborted'
  /** `onBody` said no: another worker has the delivery. */
  | 'withdrawn'
  /** A non-ASCII local part, and the server does not offer SMTPUTF8. Nothing was said to the server. */
  | 'no-smtputf8'
  /** Larger than the SIZE that the server offers. Nothing was said to the server. */
  | 'too-big';

export interface SendResult {
  readonly phase: SendPhase;
  /** The command that the reply answers, or that was waited for. */
  readonly command: 'MAIL' | 'RCPT' | 'DATA' | 'message';
  readonly reply: Reply;
  readonly fault: SendFault | undefined;
}

export type Verdict =
  | { readonly status: 'sent'; readonly reply: Reply }
  | { readonly status: 'deferred'; readonly reply: Reply; readonly retryAfterMs: number | undefined }
  | { readonly status: 'failed'; readonly reply: Reply; readonly suggestsSuppression: boolean }
  | { readonly status: 'uncertain'; readonly reply: Reply }
  /** Nobody's fault: pause, use up no attempt. */
  | { readonly status: 'relay-down'; readonly reply: Reply; readonly retryAfterMs: number | undefined }
  /** Nothing was sent because this process was told not to. Nothing to record. */
  | { readonly status: 'withdrawn'; readonly reply: Reply };

interface Row {
  readonly name: string;
  readonly when: (result: SendResult, code: number, enhanced: string) => boolean;
  readonly status: Verdict['status'];
}

const isBeforeDot = ({ phase }: SendResult) => phase === 'nothing' || phase === 'body';

/** The first row that fits decides. `docs/reference/smtp-replies.md` explains each, by its name. */
export const replyTable: readonly Row[] = [
  {
    name: 'withdrawn',
    when: ({ fault }) => fault === 'withdrawn' || fault === 'aborted',
    status: 'withdrawn',
  },
  { name: 'unreachable', when: ({ fault }) => fault === 'unreachable', status: 'relay-down' },
  { name: 'no-smtputf8', when: ({ fault }) => fault === 'no-smtputf8', status: 'failed' },
  { name: 'too-big', when: ({ fault }) => fault === 'too-big', status: 'failed' },
  {
    name: 'silence-after-dot',
    when: ({ phase }, code) => phase === 'dot' && code === 0,
    status: 'uncertain',
  },
  { name: 'lost-before-dot', when: (_, code) => code === 0, status: 'deferred' },
  { name: 'accepted', when: ({ phase }, code) => phase === 'answered' && isClass(code, 2), status: 'sent' },
  {
    name: 'closing',
    when: ({ phase }, code) => phase === 'nothing' && code === 421,
    status: 'relay-down',
  },
  {
    name: 'login-wanted',
    when: (result, code) => isBeforeDot(result) && (code === 530 || code === 535 || code === 538),
    status: 'relay-down',
  },
  {
    name: 'not-accepting',
    when: ({ phase }, _, enhanced) => phase === 'nothing' && enhanced === '4.3.2',
    status: 'relay-down',
  },
  {
    name: 'message-too-big',
    when: (_, code, enhanced) => code === 552 && enhanced !== '5.2.2',
    status: 'failed',
  },
  { name: 'too-big-for-system', when: (_, __, enhanced) => enhanced === '5.3.4', status: 'failed' },
  {
    name: 'sender-refused',
    when: ({ phase, command }, code) => phase === 'nothing' && command === 'MAIL' && isClass(code, 5),
    status: 'relay-down',
  },
  { name: 'out-of-step', when: (_, code) => code === 503, status: 'deferred' },
  { name: 'not-now', when: (_, code) => isClass(code, 4), status: 'deferred' },
  { name: 'refused', when: (_, code) => isClass(code, 5), status: 'failed' },
  // a 2xx before the dot, or a code that SMTP does not have: nothing to trust
  { name: 'nonsense-after-dot', when: (result) => !isBeforeDot(result), status: 'uncertain' },
  { name: 'nonsense', when: () => true, status: 'deferred' },
];

const isClass = (code: number, digit: number) => Math.floor(code / 100) === digit;

/** RFC 3463 §3.2: the address itself is bad, or has moved. 5.1.7 and 5.1.8 are about the sender's. */
const BAD_RECIPIENT = /^5\.1\.(?:0|1|2|3|4|6|10)$/;

/** What the end of an attempt means. */
export function classify(result: SendResult): Verdict {
  const { reply } = result;
  const row = replyTable.find(({ when }) => when(result, reply.code, reply.enhanced ?? ''));
  const status = row?.status ?? 'uncertain'; // the last row always fits
  switch (status) {
    case 'deferred':
    case 'relay-down':
      return { status, reply, retryAfterMs: statedWait(reply.text) };
    case 'failed':
      return {
        status,
        reply,
        suggestsSuppression: result.command !== 'MAIL' && BAD_RECIPIENT.test(reply.enhanced ?? ''),
      };
    default:
      return { status, reply };
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** A server that says "in 2 seconds" or "in a week" is not taken at its word. */
const MIN_WAIT = 5_000;
const MAX_WAIT = 6 * 3_600_000;

/** "try again in 300 seconds", "retry after 5 minutes", "greylisted for 00:04:30" → milliseconds, within limits. */
export function statedWait(text: string): number | undefined {
  const about = /(?:again|retry|greylist|come back|wait|later)[^0-9]{0,40}(.*)$/is.exec(text)?.[1];
  if (about === undefined) return undefined;
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\b/.exec(about);
  const plain = /^(\d{1,6})\s*(s|m|h)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?)?\b/i.exec(about);
  let ms: number;
  if (clock) {
    const parts = clock.slice(1).filter((part) => part !== undefined);
    ms = parts.reduce((total, part) => total * 60 + Number(part), 0) * 1_000;
  } else if (plain) {
    ms = Number(plain[1]) * (UNIT_MS[(plain[2] ?? '').toLowerCase()] ?? 0);
  } else return undefined;
  return ms > 0 ? Math.min(Math.max(ms, MIN_WAIT), MAX_WAIT) : undefined;
}
