import { normaliseDomain } from './domain.js';

/** One mailbox, as it goes into an envelope. */
export interface Address {
  /** `local@domain`, the domain in lower-case A-labels; the local part untouched, for its case is the host's affair. */
  readonly address: string;
  readonly local: string;
  readonly domain: string;
  /** The local part is not ASCII: only a server that offers SMTPUTF8 (RFC 6531) can take it. */
  readonly needsSmtpUtf8: boolean;
}

/** RFC 5321 §4.1.2 Dot-string. Quoted local parts are refused: nobody has one, and parsers disagree about them. */
const ASCII_LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** The same with letters, marks and digits of other scripts (RFC 6531 §3.3): no spaces, controls or direction marks. */
const UNICODE_LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

const MAX_LOCAL = 64;
/** RFC 5321 §4.5.3.1.3 allows a path of 256 with its angle brackets. */
const MAX_ADDRESS = 254;

/**
 * Reads exactly one bare address. Never a list, a display name, a comment or a route: what is not refused here goes
 * into the envelope as it is.
 * @returns the address, or in a few words why it is none (without repeating it)
 */
export function parseAddress(text: string): Address | string {
  const at = text.lastIndexOf('@');
  if (at < 1) return 'it has no "@" with a name before it';
  const local = text.slice(0, at);
  const isAscii = ASCII_LOCAL.test(local);
  if (!isAscii && !UNICODE_LOCAL.test(local)) {
    return local.startsWith('"')
      ? 'its local part is quoted'
      : 'its local part has characters that do not belong there';
  }
  // composed, so that one mailbox has one spelling
  const composed = isAscii ? local : local.normalize('NFC');
  if (Buffer.byteLength(composed) > MAX_LOCAL) return `its local part is longer than ${MAX_LOCAL} bytes`;
  const domain = normaliseDomain(text.slice(at + 1));
  if (domain === undefined) return 'what follows the "@" is no domain';
  const address = `${composed}@${domain}`;
  if (Buffer.byteLength(address) > MAX_ADDRESS) return `it is longer than ${MAX_ADDRESS} bytes`;
  return { address, local: composed, domain, needsSmtpUtf8: !isAscii };
}
