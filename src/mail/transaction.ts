import { stuffDots } from './dot-stuffing.js';
import {
  noReply,
  parseReply,
  type Reply,
  type SendFault,
  type SendPhase,
  type SendResult,
} from './replies.js';
import type { SmtpSession } from './smtp-session.js';

/** One message to one person. */
export interface Submission {
  readonly envelope: { readonly from: string; readonly to: string };
  /** With CRLF line endings, the last line ended too, as composeMail gives it. */
  readonly message: Buffer;
  /** What a DSN will call the message: ENVID (RFC 3461 §4.4), letters, digits, dots and hyphens. */
  readonly envelopeId: string;
  /**
   * Called when the server waits for the body, before a byte of it is given to the socket. False (or a rejection):
   * nothing is sent, and the connection is ended.
   */
  readonly onBody: () => Promise<boolean>;
  /** Heeded until `onBody` has said yes; after that only the server's answer counts. */
  readonly signal?: AbortSignal | undefined;
}

export interface TransactionSettings {
  /** Milliseconds. */
  readonly timeouts: {
    /** For an answer before the body, and for the body to be taken. */
    readonly reply: number;
    /** For the answer after the final dot. */
    readonly final: number;
  };
  /** Whether a report is wanted of what was delivered, too. */
  readonly dsn: { readonly success: boolean };
}

/** A body up to this size goes to the socket in one piece with its final dot. */
const CHUNK = 64 * 1024;
const FINAL_DOT = Buffer.from('.\r\n', 'latin1');

/**
 * Sends one message over a ready session (RFC 5321 §3.3, pipelined after RFC 2920 where the server offers it) and tells
 * exactly how far it got. Never rejects, but where `onBody` does.
 */
export async function sendMessage(
  session: SmtpSession,
  submission: Submission,
  { timeouts, dsn }: TransactionSettings,
): Promise<SendResult> {
  const { socket, replies, features } = session;
  const { envelope, message, onBody, signal } = submission;
  // an address that the server cannot take must not reach it
  if (!isAscii(envelope.to) && !features.smtpUtf8) {
    return unsaid(
      'no-smtputf8',
      'The address has a name that is not ASCII, and the server does not offer SMTPUTF8.',
    );
  }
  if (features.maxSize !== undefined && message.length > features.maxSize) {
    return unsaid(
      'too-big',
      `The message has ${message.length} bytes, the server takes ${features.maxSize}.`,
    );
  }
  if (signal?.aborted) return unsaid('aborted', 'Stopped before anything was said to the server.');

  let phase: SendPhase = 'nothing';
  let command: SendResult['command'] = 'MAIL';
  let stopped: { fault: SendFault; text: string } | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** Ends the connection, so that not a byte more can go out. */
  const stop = (fault: SendFault, text: string) => {
    stopped ??= { fault, text };
    session.destroy();
  };
  const wait = (ms: number, what: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => stop('timeout', `No answer to ${what} within ${ms / 1_000} s.`), ms);
  };
  const onAbort = () => {
    if (phase === 'nothing') stop('aborted', 'Stopped before a byte of the body was sent.');
  };
  const answered = (reply: Reply): SendResult => ({ phase, command, reply, fault: undefined });
  const over = (): SendResult => {
    const { fault, text } = stopped ?? { fault: 'lost', text: 'The connection ended.' };
    return { phase, command, reply: noReply(text), fault };
  };

  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    wait(timeouts.reply, 'MAIL, RCPT and DATA');
    const lines = envelopeLines(session, submission, dsn.success);
    if (features.pipelining) socket.write(lines.map(([, line]) => line).join(''));
    let refused: SendResult | undefined;
    for (const [name, line] of lines) {
      if (!features.pipelining) socket.write(line);
      const text = await replies.next();
      if (text === undefined) return refused ?? over();
      const reply = parseReply(text);
      if (reply.code === 421) {
        command = name;
        session.destroy();
        return refused ?? answered(reply);
      }
      if (refused === undefined) {
        command = name;
        if (Math.floor(reply.code / 100) !== (name === 'DATA' ? 3 : 2)) refused = answered(reply);
      } else if (name === 'DATA' && reply.code < 400) {
        // it takes a message for nobody: better not to find out from whom it thinks that it comes
        session.destroy();
      }
      if (refused !== undefined && !features.pipelining) return refused;
    }
    if (refused !== undefined) return refused;

    // the caller's time, not the server's
    clearTimeout(timer);
    let goes: boolean;
    try {
      goes = (await Promise.race([onBody(), replies.ended])) ?? false;
    } catch (error) {
      session.destroy();
      throw error;
    }
    if (replies.isEnded || stopped !== undefined) return over();
    if (!goes) {
      stop('withdrawn', 'Withdrawn before a byte of the body was sent.');
      return over();
    }
    if (replies.hasNews) {
      session.destroy();
      return answered(parseReply((await replies.next()) ?? ''));
    }

    command = 'message';
    phase = 'body';
    wait(timeouts.reply, 'the body of the message');
    const stuffed = stuffDots(message);
    let offset = 0;
    for (; stuffed.length - offset > CHUNK; offset += CHUNK) {
      if (!socket.write(stuffed.subarray(offset, offset + CHUNK))) await drained(session);
      if (replies.hasNews) {
        // answered too early: the dot must not follow
        session.destroy();
        return answered(parseReply((await replies.next()) ?? ''));
      }
      if (replies.isEnded) return over();
    }
    // what comes next may be in the server's hands
    phase = 'dot';
    wait(timeouts.final, 'the message');
    socket.cork();
    socket.write(offset === 0 ? stuffed : stuffed.subarray(offset));
    socket.write(FINAL_DOT);
    socket.uncork();
    const text = await replies.next();
    if (text === undefined) return over();
    phase = 'answered';
    const reply = parseReply(text);
    if (reply.code === 421) session.destroy();
    return answered(reply);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** MAIL, RCPT and DATA with the parameters that the server knows. Both addresses have been checked. */
function envelopeLines(
  { features }: SmtpSession,
  { envelope, message, envelopeId }: Submission,
  wantsSuccess: boolean,
): readonly (readonly [SendResult['command'], string])[] {
  const { from, to } = envelope;
  for (const text of [from, to, envelopeId]) {
    if (/[\p{Cc}\s<>]/u.test(text))
      throw new TypeError('An envelope with a space, a bracket or a control in it.');
  }
  let mail = `MAIL FROM:<${from}>`;
  if (!isAscii(to)) mail += ' SMTPUTF8';
  if (features.size) mail += ` SIZE=${message.length}`;
  // headers only: Postfix would return the whole message, credentials and all
  if (features.dsn) mail += ` RET=HDRS ENVID=${xtext(envelopeId)}`;
  let rcpt = `RCPT TO:<${to}>`;
  if (features.dsn) {
    rcpt += ` NOTIFY=${wantsSuccess ? 'SUCCESS,' : ''}FAILURE,DELAY`;
    // so that a report names the address as we know it, wherever the mail was forwarded to
    if (isAscii(to)) rcpt += ` ORCPT=rfc822;${xtext(to)}`;
  }
  return [
    ['MAIL', `${mail}\r\n`],
    ['RCPT', `${rcpt}\r\n`],
    ['DATA', 'DATA\r\n'],
  ];
}

/** RFC 3461 §4. */
const xtext = (text: string) =>
  text.replace(
    /[^!-*,-<>-~]/g,
    (character) => `+${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** The socket has passed on what it was given, or the connection has ended. */
function drained({ socket, replies }: SmtpSession): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      resolve();
    };
    socket.once('drain', done);
    void replies.ended.then(done);
  });
}

function unsaid(fault: SendFault, text: string): SendResult {
  return { phase: 'nothing', command: 'MAIL', reply: noReply(text), fault };
}

const isAscii = (text: string) => Buffer.byteLength(text) === text.length;
