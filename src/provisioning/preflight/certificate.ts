import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, rootCertificates, type TLSSocket } from 'node:tls';
import { withDeadline } from '../../lib/deadline.js';
import { messageOf, RollcallError } from '../../lib/errors.js';
import type { CheckLine } from '../../model/check.js';
import { DEFAULT_TIMEOUT_MS, type PreflightDeps } from './context.js';
import type { Address } from './names.js';

/** A server to look at, its name looked up already. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly Address[];
  /** PEM: the authorities that devices trust. */
  readonly ca: readonly string[];
}

/** A certificate that ends within so many days is worth a warning. */
const SOON_DAYS = 21;
const DAY_MS = 86_400_000;

/**
 * The public authorities, and those of the campaign's `caFile`.
 * @throws ROLLCALL_ERR_PROVISIONING where that file cannot be read, or holds no certificate.
 */
export async function trustedAuthorities(caFile: string | undefined): Promise<readonly string[]> {
  if (caFile === undefined) return rootCertificates;
  try {
    const pem = await readFile(caFile, 'utf8');
    // TLS passes over what it cannot read; a mistaken file is to be told.
    new X509Certificate(pem);
    return [...rootCertificates, pem];
  } catch (cause) {
    throw new RollcallError(
      'ROLLCALL_ERR_PROVISIONING',
      `${caFile} gives no certificates: ${messageOf(cause)}.`,
      {
        cause,
        hint: 'caFile names a file with the PEM certificates of an authority.',
      },
    );
  }
}

/** Gives a socket the addresses found already, so that the probe reaches the server that DNS was asked about. */
export function pinned(addresses: readonly Address[]) {
  return (
    _host: string,
    options: { readonly all?: boolean | undefined },
    answer: (error: Error | null, address: string | Address[], family?: number) => void,
  ) => {
    const [first] = addresses;
    if (first === undefined) answer(new Error('no address'), '');
    else if (options.all === true) answer(null, [...addresses]);
    else answer(null, first.address, first.family);
  };
}

/**
 * Connects to the server and judges its certificate as a phone would: signed by an authority that is trusted,
 * naming the host, in date. Each fault has its own line; `trusted` is true where there is none.
 */
export async function probeCertificate(
  target: Target,
  { clock, timeoutMs = DEFAULT_TIMEOUT_MS }: PreflightDeps,
): Promise<{ readonly trusted: boolean; readonly lines: readonly CheckLine[] }> {
  const server = `${target.host}:${target.port}`;
  let socket: TLSSocket | undefined;
  try {
    socket = connect({
      host: target.host,
      port: target.port,
      // An address has no place in SNI (RFC 6066 §3).
      servername: isIP(target.host) === 0 ? target.host : '',
      lookup: pinned(target.addresses),
      ca: [...target.ca],
      // Each fault is to be told: nothing is sent over this connection.
      rejectUnauthorized: false,
    });
    await withDeadline(handshake(socket), timeoutMs, `a TLS connection to ${server}`);
    const lines = judge(target.host, server, socket, clock.now());
    return { trusted: lines.every(({ state }) => state !== 'failed'), lines };
  } catch (error) {
    return { trusted: false, lines: [unreachable(server, error)] };
  } finally {
    socket?.destroy();
  }
}

function handshake(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed the connection')));
    // An error after the handshake, while the socket is being destroyed, is of no interest to anybody.
    socket.on('error', () => {});
  });
}

function unreachable(server: string, error: unknown): CheckLine {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const spokeOtherwise = code.startsWith('ERR_SSL') || code === 'EPROTO';
  return {
    what: `Server ${server}`,
    state: 'failed',
    detail: spokeOtherwise
      ? `It answers, but not with TLS (${code}).`
      : `It cannot be reached: ${messageOf(error) || code}.`.replace('..', '.'),
    code: spokeOtherwise ? 'ROLLCALL_ERR_PREFLIGHT_CERTIFICATE' : 'ROLLCALL_ERR_PREFLIGHT_UNREACHABLE',
  };
}

function judge(host: string, server: string, socket: TLSSocket, now: number): CheckLine[] {
  const what = `Certificate of ${server}`;
  const fault = (detail: string, hint: string): CheckLine => ({
    what,
    state: 'failed',
    detail,
    code: 'ROLLCALL_ERR_PREFLIGHT_CERTIFICATE',
    hint,
  });
  const certificate = socket.getPeerCertificate();
  const from = Date.parse(certificate.valid_from);
  const to = Date.parse(certificate.valid_to);
  const faults: CheckLine[] = [];

  if (now > to)
    faults.push(
      fault(`It expired on ${day(to)}.`, 'Renew the certificate and restart the service that uses it.'),
    );
  if (now < from)
    faults.push(fault(`It is not valid before ${day(from)}.`, 'Check the dates and the clocks.'));

  const wrongName = checkServerIdentity(host, certificate);
  if (wrongName !== undefined)
    faults.push(
      fault(
        `It names ${names(certificate.subjectaltname, certificate.subject?.CN)}, not ${host}.`,
        'Use the name of the certificate in the campaign, or install a certificate for this name.',
      ),
    );

  // At run time this is OpenSSL's code, not an Error as its type says. It tells one fault, and dates before
  // authorities.
  const chain = String(socket.authorizationError ?? '');
  const told =
    chain === '' ||
    chain === 'ERR_TLS_CERT_ALTNAME_INVALID' ||
    (chain === 'CERT_HAS_EXPIRED' && now > to) ||
    (chain === 'CERT_NOT_YET_VALID' && now < from);
  if (!told) faults.push(fault(explain(chain), chainHint(chain)));
  if (faults.length > 0) return faults;

  const days = Math.floor((to - now) / DAY_MS);
  const until = `until ${day(to)} (${days} days)`;
  return days < SOON_DAYS
    ? [{ what, state: 'warning', detail: `It is valid only ${until}.`, hint: 'Renew it soon.' }]
    : [{ what, state: 'ok', detail: `It is trusted, names the host and is valid ${until}.` }];
}

function names(alternatives: string | undefined, common: string | string[] | undefined): string {
  return alternatives?.replaceAll(/(DNS|IP Address):/g, '') ?? String(common ?? 'nobody');
}

function explain(code: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'It is self-signed.';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'It is signed by an authority that is not trusted.';
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'The authority that signed it is not trusted, or the server does not send the certificates in between.';
    case 'CERT_HAS_EXPIRED':
      return 'A certificate between it and its authority has expired.';
    default:
      return `It is not trusted (${code}).`;
  }
}

function chainHint(code: string): string {
  return code === 'CERT_HAS_EXPIRED'
    ? 'Install the current certificates of the authority on the server.'
    : 'Install a certificate of an authority that the devices trust, with all those in between; name a private authority with caFile.';
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
