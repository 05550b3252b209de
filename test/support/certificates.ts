import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, boolean, integer, octets, oid, sequence, set, tlv } from './ber.js';

/** Certificates that an authority of `tls.ts` would not make: self-signed ones, chains, any names and dates. */
export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface CertificateWish {
  /** The common name. */
  readonly name: string;
  /** Host names and IPv4 addresses; none for an authority. */
  readonly names?: readonly string[];
  /** Yesterday where not given. */
  readonly from?: Date;
  /** In a year where not given. */
  readonly to?: Date;
  readonly authority?: boolean;
  /** Without one it signs itself. */
  readonly issuer?: { readonly name: string; readonly key: string };
}

const DAY_MS = 86_400_000;
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

const distinguishedName = (name: string) => sequence(set(sequence(oid('2.5.4.3'), octets(name, 0x0c))));
const time = (date: Date) => octets(date.toISOString().replace(/[-:T]|\.\d+/g, ''), 0x18);
const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
const generalName = (name: string) =>
  isIPv4(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : octets(name, 0x82);

/** A certificate with a P-256 key, fields after RFC 5280 §4. */
export function makeCertificate(wish: CertificateWish): Certificate {
  const { name, names = [], authority = false, issuer } = wish;
  const { from = new Date(Date.now() - DAY_MS), to = new Date(Date.now() + 365 * DAY_MS) } = wish;
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const issuerKey = issuer === undefined ? pair.publicKey : createPublicKey(issuer.key);
  // keyCertSign and cRLSign, or digitalSignature; each with the number of unused bits before it.
  const usage = Buffer.from(authority ? [1, 0b0000_0110] : [7, 0b1000_0000]);
  const body = sequence(
    tlv(0xa0, integer(2)),
    integer(BigInt(`0x01${createHash('sha256').update(spki).digest('hex').slice(0, 16)}`)),
    ECDSA_SHA256,
    distinguishedName(issuer?.name ?? name),
    sequence(time(from), time(to)),
    distinguishedName(name),
    spki,
    tlv(
      0xa3,
      sequence(
        extension('2.5.29.19', true, authority ? sequence(boolean(true)) : sequence()),
        extension('2.5.29.15', true, tlv(0x03, usage)),
        // Subject and authority key ids: without them OpenSSL builds no chain over an intermediate.
        extension('2.5.29.14', false, octets(keyId(pair.publicKey))),
        extension('2.5.29.35', false, sequence(octets(keyId(issuerKey), 0x80))),
        ...(names.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...names.map(generalName)))]),
      ),
    ),
  );
  const der = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, issuer?.key ?? key)));
  const base64 = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return { cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`, key };
}

function keyId(key: KeyObject): Buffer {
  const der = key.export({ type: 'spki', format: 'der' });
  return createHash('sha1').update(der).digest();
}

/** An authority and what it signs. */
export function makeAuthority(name: string) {
  const authority = makeCertificate({ name, authority: true });
  return {
    ...authority,
    issue: (wish: Omit<CertificateWish, 'issuer'>): Certificate =>
      makeCertificate({ ...wish, issuer: { name, key: authority.key } }),
  };
}
