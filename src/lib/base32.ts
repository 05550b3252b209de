const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * RFC 4648 §6 base32 in lower case without padding, cut to `length` characters: fit for local parts, Message-IDs and
 * file names, which may be compared without regard to case.
 */
export function base32(bytes: Buffer, length: number): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
      if (text.length === length) return text;
    }
  }
  return bits > 0 ? (text + ALPHABET[(value << (5 - bits)) & 31]).slice(0, length) : text;
}
