import { isIP, type Socket } from 'node:net';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';
import { messageOf, RollcallError } from '../lib/errors.js';
import { parseReply } from './replies.js';
import { type ReplyReader, readReplies } from './reply-reader.js';
import type { SmtpSettings } from './schema.js';
import { scrub } from './scrub.js';

/** What the server offers, from its answer to EHLO. */
export interface SmtpFeatures {
  /** RFC 3461: says what became of a message, if asked. */
  readonly dsn: boolean;
  /** RFC 6531: local parts that are not ASCII. */
  readonly smtpUtf8: boolean;
  readonly pipelining: boolean;
  /** RFC 1870: takes the size with MAIL. */
  readonly size: boolean;
  /** In bytes; undefined where the server states no limit. */
  readonly maxSize: number | undefined;
}

/** A connection that has been greeted, is encrypted and logged in as the settings say, and is ready for MAIL. */
export interface SmtpSession {
  readonly socket: Socket;
  readonly replies: ReplyReader;
  readonly features: SmtpFeatures;
  /** Ends it now: nothing more goes out. */
  destroy(): void;
}

export interface OpenOptions {
  readonly settings: SmtpSettings;
  /** Certificate authorities in PEM instead of the system's. */
  readonly ca: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The library keeps what EHLO said to itself until a message is accepted, but we must know before MAIL. */
interface ConnectionInside {
  readonly _supportedExtensions: readonly string[];
  readonly _maxAllowedSize: number;
}

/**
 * Dials, encrypts, logs in. The library does that well, but a message through it costs five times what it costs over
 * its socket directly; so from there on the session is ours.
 * @throws ROLLCALL_ERR_SMTP_UNREACHABLE, ROLLCALL_ERR_SMTP_TLS, ROLLCALL_ERR_SMTP_LOGIN, ROLLCALL_ERR_SMTP_REFUSED
 *   (with `facts.reply`, code and all, where the server said something), or the signal's reason
 */
export async function openSession({ settings, ca, signal }: OpenOptions): Promise<SmtpSession> {
  signal?.throwIfAborted();
  const { timeouts } = settings;
  const connection = new SMTPConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'starttls',
    ignoreTLS: settings.tls === 'none',
    ...(settings.name !== undefined && { name: settings.name }),
    connectionTimeout: timeouts.connect + timeouts.greeting,
    dnsTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    // ours are shorter and know what they wait for
    socketTimeout: timeouts.final + timeouts.reply,
    socketCloseTimeout: 0,
    tls: {
      minVersion: 'TLSv1.2',
      ...(settings.serverName !== undefined && { servername: settings.serverName }),
      ...(settings.serverName === undefined && !isIP(settings.host) && { servername: settings.host }),
      ...(ca !== undefined && { ca }),
    },
    logger: false,
  });
  // the one that waits hears of it below; an error on an idle connection must not end the process
  connection.on('error', () => {});
  const { user, password } = settings;
  await step(connection, 'connect', settings, signal, (done) => connection.connect(done));
  if (user !== undefined && password !== undefined) {
    await step(connection, 'login', settings, signal, (done) =>
      connection.login({ user, pass: password.reveal() }, done),
    );
  }
  const inside = connection as unknown as ConnectionInside; // see there
  const offers = new Set(inside._supportedExtensions);
  const { _socket: socket } = connection;
  if (!socket) throw failure(new Error('the connection ended'), 'connect', settings);
  socket.removeAllListeners('data');
  socket.setTimeout(0);
  return {
    socket,
    replies: readReplies(socket),
    features: {
      dsn: offers.has('DSN'),
      smtpUtf8: offers.has('SMTPUTF8'),
      pipelining: offers.has('PIPELINING'),
      size: offers.has('SIZE'),
      maxSize: inside._maxAllowedSize || undefined,
    },
    destroy() {
      connection.close();
      socket.destroy();
    },
  };
}

/** One step of the set-up, with a deadline; on failure the connection is gone. */
function step(
  connection: SMTPConnection,
  what: 'connect' | 'login',
  settings: SmtpSettings,
  signal: AbortSignal | undefined,
  start: (done: (error?: SMTPError | null) => void) => void,
): Promise<void> {
  const { timeouts } = settings;
  const limit = what === 'connect' ? timeouts.connect + timeouts.greeting + timeouts.reply : timeouts.reply;
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      connection.removeListener('error', onError);
      connection.removeListener('end', onEnd);
      if (error === undefined) {
        resolve();
        return;
      }
      connection.close();
      reject(error);
    };
    const onError = (error: SMTPError) => settle(failure(error, what, settings));
    const onEnd = () => settle(failure(new Error('the connection ended'), what, settings));
    const onAbort = () => settle(signal?.reason);
    const timer = setTimeout(
      () => settle(failure(new Error(`no answer within ${limit / 1_000} s`), what, settings)),
      limit,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    connection.on('error', onError);
    connection.once('end', onEnd);
    start((error) => settle(error ? failure(error, what, settings) : undefined));
  });
}

function failure(error: SMTPError | Error, what: 'connect' | 'login', settings: SmtpSettings): RollcallError {
  const known: Partial<SMTPError> = error;
  const place = `${settings.host}:${settings.port}`;
  const secrets = settings.password ? [settings.password] : [];
  const response = typeof known.response === 'string' ? known.response : undefined;
  const reply = response === undefined ? undefined : parseReply(response);
  const said = response === undefined ? scrub(messageOf(error), secrets) : `"${scrub(response, secrets)}"`;
  const details = {
    facts: { server: place, ...(response !== undefined && { reply: scrub(response, secrets) }) },
  };
  // 421 and the like say nothing about the password
  if (what === 'login' && known.code === 'EAUTH' && reply?.code !== 421 && !isTemporary(reply?.code)) {
    return new RollcallError('ROLLCALL_ERR_SMTP_LOGIN', `${place} refused the login: ${said}.`, details);
  }
  if (known.code === 'ETLS' || isCertificateError(known)) {
    return new RollcallError('ROLLCALL_ERR_SMTP_TLS', `No TLS connection to ${place}: ${said}.`, details);
  }
  return reply === undefined
    ? new RollcallError('ROLLCALL_ERR_SMTP_UNREACHABLE', `${place} cannot be reached: ${said}.`, details)
    : new RollcallError('ROLLCALL_ERR_SMTP_REFUSED', `${place} takes no messages: ${said}.`, details);
}

const isTemporary = (code = 0) => code >= 400 && code < 500;

/** With implicit TLS the library reports a bad certificate as a socket error; the original code tells. */
function isCertificateError(error: Partial<SMTPError>): boolean {
  const { originalCode } = error as { originalCode?: unknown }; // set by the library, not in its types
  return (
    (typeof originalCode === 'string' && /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(originalCode)) ||
    /certificate|SSL routines|wrong version number|altnames/i.test(error.message ?? '')
  );
}
