import { connect, isIP, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  type PeerCertificate,
  type TLSSocket,
  connect as tlsConnect,
} from 'node:tls';
import { Client, type SearchRequest } from 'ldapts';
import { withDeadline } from '../lib/deadline.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import { isLoopback } from '../lib/loopback.js';
import { readCa } from '../lib/read-ca.js';
import { connectFailure, loginFailure } from './failures.js';
import type { DirectorySettings } from './schema.js';
import { createReplyReader, type SearchReply } from './search-replies.js';

/** The LDAP half of the settings. */
export type LdapSettings = DirectorySettings & { readonly url: { readonly scheme: 'ldap' | 'ldaps' } };

/** How long a server may take to close a connection that we have said goodbye on. */
const GOODBYE_MS = 1_000;

/** One connection, bound once. It never reconnects: what is lost stays lost, and whoever reads hears of it. */
export interface Connection {
  /**
   * Sends one search and collects its answer, whatever its result code.
   * @throws when the connection is lost, the signal fires (its reason), or `settings.timeout` passes (ROLLCALL_ERR_TIMEOUT).
   */
  search(request: SearchRequest): Promise<SearchReply>;
  /** True while this is still the connection that was bound. */
  isBound(): boolean;
  /** The server's certificate, where there is TLS. */
  readonly certificate: PeerCertificate | undefined;
  /** Says goodbye and closes. Never throws; safe to call twice. */
  close(): Promise<void>;
}

/** "ldaps://host:636", for messages. */
export function nameOf(url: LdapSettings['url']): string {
  return `${url.scheme}://${url.host.includes(':') ? `[${url.host}]` : url.host}:${url.port}`;
}

/**
 * Refuses to speak to another machine in the clear.
 * @throws ROLLCALL_ERR_PLAINTEXT
 */
function refusePlaintext(settings: LdapSettings, allowPlaintext: boolean): void {
  const { url, startTls } = settings;
  if (url.scheme === 'ldaps' || startTls || allowPlaintext || isLoopback(url.host)) return;
  throw new RollcallError(
    'ROLLCALL_ERR_PLAINTEXT',
    `directory.url is ${nameOf(url)}: people and the bind password would cross the network in the clear.`,
    { hint: 'Write ldaps://, or add startTls: true; or accept it with allowPlaintext: true.' },
  );
}

/**
 * Connects, encrypts, verifies and binds, in that order.
 * @throws ROLLCALL_ERR_DIRECTORY_UNREACHABLE, _TLS or _LOGIN; ROLLCALL_ERR_PLAINTEXT; the signal's reason.
 */
export async function openConnection(
  settings: LdapSettings,
  { allowPlaintext, signal }: { allowPlaintext: boolean; signal?: AbortSignal | undefined },
): Promise<Connection> {
  refusePlaintext(settings, allowPlaintext);
  signal?.throwIfAborted();
  const { url } = settings;
  const where = nameOf(url);
  const ca = settings.caFile === undefined ? undefined : await readCa(settings.caFile, 'directory.caFile');
  const tls: ConnectionOptions = {
    ...(ca && { ca }),
    minVersion: 'TLSv1.2',
    // An address cannot be a server name (RFC 6066 §3); Node then compares the certificate with `host`.
    ...(settings.serverName !== undefined
      ? { servername: settings.serverName }
      : isIP(url.host) === 0 && { servername: url.host }),
  };

  let socket: Socket | undefined;
  let secure: TLSSocket | undefined;
  let lost = false;
  // Not a Promise.race with one promise for the whole connection: that would hold on to every page until its end.
  const waiting = new Set<(reason: unknown) => void>();
  const fail = (reason: unknown) => {
    for (const reject of waiting) reject(reason);
    secure?.destroy();
    socket?.destroy();
  };
  const adopt = <S extends Socket>(open: () => S): S => {
    // ldapts reconnects by itself, without a bind: a second socket is refused instead.
    if (socket !== undefined) throw new Error('the connection was lost');
    const opened = open();
    socket = opened;
    opened.once('close', () => {
      lost = true;
      fail(new Error('the connection was closed by the server'));
    });
    return opened;
  };

  const client = new Client({
    url: where,
    // ldapts calls these with a port and a host, and for StartTLS with the options given to startTLS() alone.
    createConnection: ((port: number, host: string) => adopt(() => connect(port, host))) as typeof connect, // one of its overloads is all that ldapts uses
    createSecureConnection: ((...args: [number, string] | [ConnectionOptions]) => {
      secure =
        args.length === 1
          ? tlsConnect(args[0])
          : adopt(() => tlsConnect({ ...tls, port: args[0], host: args[1] }));
      return secure;
    }) as typeof tlsConnect, // likewise
  });
  const onAbort = () => fail(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });

  const limited = async <T>(work: Promise<T>, what: string): Promise<T> => {
    let giveUp: (reason: unknown) => void = () => {};
    const orLost = new Promise<T>((resolve, reject) => {
      giveUp = reject;
      work.then(resolve, reject);
    });
    waiting.add(giveUp);
    try {
      return await withDeadline(orLost, settings.timeout, `${where} to ${what}`);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error;
    } finally {
      waiting.delete(giveUp);
    }
  };
  const close = async () => {
    signal?.removeEventListener('abort', onAbort);
    if (!lost) await withDeadline(client.unbind(), GOODBYE_MS, 'goodbye').catch(() => {});
    secure?.destroy();
    socket?.destroy();
  };

  try {
    if (settings.startTls)
      await limited(client.startTLS({ ...tls, host: url.host }), 'agree on TLS').catch((error: unknown) => {
        throw startTlsFailure(error, where);
      });
    const who = settings.bindDn ?? 'anonymous';
    await limited(
      client.bind(settings.bindDn ?? '', settings.bindPassword?.reveal() ?? ''),
      `let ${who} in`,
    ).catch((error: unknown) => {
      throw loginFailure(error, who, where);
    });
  } catch (error) {
    await close();
    if (signal?.aborted) throw signal.reason;
    throw error;
  }

  // From here on the answers are read by us: ldapts' own search() ends at an empty page though the cookie lives, hides
  // a size limit, and connects anew, without a login, by itself.
  const wire = secure ?? socket;
  const replies = createReplyReader();
  wire?.removeAllListeners('data');
  wire?.on('data', (chunk: Buffer) => {
    try {
      replies.take(chunk);
    } catch (error) {
      fail(error);
    }
  });
  return {
    search: async (request) => {
      if (lost || wire === undefined) throw new Error('the connection was closed by the server');
      const reply = replies.wait(request.messageId);
      wire.write(request.write());
      return await limited(reply, 'answer a search');
    },
    // After StartTLS ldapts goes on saying that it is bound when the socket below is gone.
    isBound: () => client.isBound && !lost,
    certificate: secure?.getPeerCertificate(),
    close,
  };
}

function startTlsFailure(error: unknown, where: string): RollcallError {
  const failure = connectFailure(error, where);
  // Refused by the server itself, with an LDAP result code.
  if (
    failure.code === 'ROLLCALL_ERR_DIRECTORY_UNREACHABLE' &&
    typeof (error as { code?: unknown }).code === 'number'
  )
    // only looked at
    return new RollcallError(
      'ROLLCALL_ERR_DIRECTORY_TLS',
      `${where} does not offer StartTLS: ${messageOf(error)}.`,
      { hint: 'Set up a certificate on the server, or use ldaps:// if it has one there.', cause: error },
    );
  return failure;
}
