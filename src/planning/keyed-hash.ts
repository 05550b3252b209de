import { type BinaryToTextEncoding, hash } from 'node:crypto';
import type { Keyring } from '../lib/keyring.js';

/**
 * Keyed hashes for comparing one night with another, of which a run makes one or two for everybody. Give out half of one at
 * most: SHA-256 over a key and the text is as good as an HMAC then (Bellare, Bernstein and Tessaro, AMAC), whose set-up alone
 * takes four times as long as this one call.
 * @param purpose hashes of different purposes cannot be compared with one another
 */
export function createKeyedHash(
  keyring: Keyring,
  purpose: string,
  context: string,
): (text: string, as: BinaryToTextEncoding) => string {
  // In hex the key fills SHA-256's first block.
  const key = keyring.hash(purpose, context);
  return (text, as) => hash('sha256', key + text, as);
}
