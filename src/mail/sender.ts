import { type Address, parseAddress } from './address.js';

/** A mailbox with its display name, as it stands in From or Reply-To. */
export interface Sender {
  /** Empty where there is none. */
  readonly name: string;
  readonly address: string;
  readonly domain: string;
}

/**
 * Reads `Video Team <video@corp.example>`, `"Team, Video" <video@corp.example>` or a bare address.
 * @returns the mailbox, or in a few words why it is none
 */
export function parseSender(text: string): Sender | string {
  const found = /^(.*)<([^<>]*)>$/su.exec(text.trim());
  const address: Address | string = parseAddress((found?.[2] ?? text).trim());
  if (typeof address === 'string') return address;
  if (address.needsSmtpUtf8) return 'its local part is not ASCII, which many servers refuse in a sender';
  const name = unquote((found?.[1] ?? '').trim());
  if (/\p{Cc}/u.test(name)) return 'its display name has control characters in it';
  return { name, address: address.address, domain: address.domain };
}

function unquote(name: string): string {
  const found = /^"((?:[^"\\]|\\.)*)"$/su.exec(name);
  return found?.[1] === undefined ? name : found[1].replace(/\\(.)/gsu, '$1');
}
