import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { bits, boolean, integer, octets, oid, sequence, set, tlv } from './ber.js';

/** A certificate with its key, as PEM text and as files. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateOptions {
  /** DNS names and IPv4 addresses that the certificate is for. `['localhost', '127.0.0.1']` where not given. */
  readonly names?: readonly string[];
  /** Ten years ago to ten years from now where not given. */
  readonly validFrom?: Date;
  readonly validUntil?: Date;
}

/** A certificate authority for tests. */
export interface TestCa {
  /** The authority's own certificate: what `caFile` names. */
  readonly caFile: string;
  readonly ca: string;
  /** A certificate for servers, good unless the options say otherwise. */
  issue(options?: CertificateOptions): TestCertificate;
  /** One that ran out yesterday. */
  issueExpired(options?: CertificateOptions): TestCertificate;
  /** One that is good, but for `other.example`. */
  issueForAnotherName(): TestCertificate;
}

const DAY_MS = 86_400_000;
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/**
 * Makes a certificate authority in `dir` (created where it is not there): P-256 keys, nothing but node:crypto, a few
 * milliseconds. For a server that clients must not trust, make a second authority in another directory.
 *
 * @example
 * const ca = createTestCa(join(dir, 'tls'));
 * const { cert, key, certFile, keyFile } = ca.issue();        // for localhost and 127.0.0.1
 * const late = ca.issueExpired();
 * const wrong = ca.issueForAnotherName();
 * tls.createServer({ cert, key });                            // clients: { ca: ca.ca } or caFile: ca.caFile
 */
export function createTestCa(dir: string): TestCa {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const own = newKey();
  const name = `Test CA ${randomBytes(4).toString('hex')}`;
  const ca = certificate({ subject: name, issuer: name, subjectKey: own, issuerKey: own, isCa: true });
  const caFile = join(dir, 'ca.pem');
  writeFileSync(caFile, ca);
  let count = 0;

  const issue = (options: CertificateOptions = {}): TestCertificate => {
    const subjectKey = newKey();
    const cert = certificate({
      subject: 'Test server',
      issuer: name,
      subjectKey,
      issuerKey: own,
      isCa: false,
      ...options,
    });
    const key = subjectKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const certFile = join(dir, `server-${++count}.pem`);
    const keyFile = join(dir, `server-${count}.key`);
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key, { mode: 0o600 });
    return { cert, key, certFile, keyFile };
  };
  return {
    caFile,
    ca,
    issue,
    issueExpired: (options = {}) => issue({ ...options, validUntil: new Date(Date.now() - DAY_MS) }),
    issueForAnotherName: () => issue({ names: ['other.example'] }),
  };
}

function newKey(): KeyObject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** RFC 5280 §4.1. */
function certificate(options: {
  subject: string;
  issuer: string;
  subjectKey: KeyObject;
  issuerKey: KeyObject;
  isCa: boolean;
  names?: readonly string[];
  validFrom?: Date;
  validUntil?: Date;
}): string {
  const { names = ['localhost', '127.0.0.1'], isCa } = options;
  const validFrom = options.validFrom ?? new Date(Date.now() - 3_650 * DAY_MS);
  const validUntil = options.validUntil ?? new Date(Date.now() + 3_650 * DAY_MS);
  const publicKey = createPublicKey(options.subjectKey).export({ type: 'spki', format: 'der' });
  const extension = (id: string, critical: boolean, value: Buffer) =>
    sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
  const extensions = isCa
    ? [
        extension('2.5.29.19', true, sequence(boolean(true))), // basicConstraints: a CA
        extension('2.5.29.15', true, tlv(0x03, Buffer.from([1, 0b0000_0110]))), // keyUsage: keyCertSign, cRLSign
      ]
    : [
        extension('2.5.29.17', false, sequence(...names.map(generalName))),
        extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))), // extKeyUsage: serverAuth
      ];
  const signed = sequence(
    tlv(0xa0, integer(2)), // version 3
    integer(BigInt(`0x01${randomBytes(15).toString('hex')}`)),
    ECDSA_SHA256,
    distinguishedName(options.issuer),
    sequence(time(validFrom), time(validUntil)),
    distinguishedName(options.subject),
    publicKey,
    tlv(0xa3, sequence(...extensions)),
  );
  const der = sequence(signed, ECDSA_SHA256, bits(sign('sha256', signed, options.issuerKey)));
  const base64 = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64.trimEnd()}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), octets(commonName, 0x0c))));
}

function generalName(name: string): Buffer {
  return isIPv4(name) ? tlv(0x87, Buffer.from(name.split('.').map(Number))) : octets(name, 0x82);
}

/** UTCTime until 2049, as RFC 5280 §4.1.2.5 wants it. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return octets(digits.slice(2), 0x17);
}
