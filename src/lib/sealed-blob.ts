import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { RollcallError } from './errors.js';
import { KEY_ID_BYTES } from './root-key.js';

/*
 * A sealed value: version (1 byte, 1) | key id (8) | nonce (12) | tag (16) | ciphertext.
 * AES-256-GCM, NIST SP 800-38D; nonces are random, good for 2^32 values under one key.
 * The header is authenticated too, so that neither version nor key id can be swapped.
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const NONCES_A_DRAW = 256;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const MINIMUM_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/** Seals so that it opens only under this key and with the same `aad`. */
export function createSealer(keyId: Buffer, key: Buffer): (plain: Buffer | string, aad: string) => Buffer {
  const header = Buffer.concat([Buffer.of(VERSION), keyId]);
  const nextNonce = createNonces();
  return (plain, aad) => {
    const nonce = nextNonce();
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.concat([header, Buffer.from(aad, 'utf8')]));
    const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
    cipher.final(); // a counter mode holds nothing back
    return Buffer.concat([header, nonce, cipher.getAuthTag(), text]);
  };
}

/** Random nonces, drawn many at a time: a draw of one costs as much as half a seal. */
function createNonces(): () => Buffer {
  const drawn = Buffer.alloc(NONCE_BYTES * NONCES_A_DRAW);
  let used = drawn.length;
  return () => {
    if (used === drawn.length) {
      randomFillSync(drawn);
      used = 0;
    }
    used += NONCE_BYTES;
    return drawn.subarray(used - NONCE_BYTES, used);
  };
}

/** @throws ROLLCALL_ERR_SEAL when it is no such blob, its key is not at hand, or anything about it was changed. */
export function openBlob(blob: Buffer, aad: string, keyOf: (keyId: string) => Buffer | undefined): Buffer {
  if (blob.length < MINIMUM_BYTES || blob[0] !== VERSION)
    throw new RollcallError('ROLLCALL_ERR_SEAL', 'A sealed value is cut short or of an unknown version.');
  const header = blob.subarray(0, HEADER_BYTES);
  const keyId = header.subarray(1).toString('hex');
  const key = keyOf(keyId);
  if (!key)
    throw new RollcallError(
      'ROLLCALL_ERR_SEAL',
      `A value was sealed under the key ${keyId}, which is not at hand.`,
      {
        facts: { key: keyId },
      },
    );
  const nonce = blob.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([header, Buffer.from(aad, 'utf8')]));
  decipher.setAuthTag(blob.subarray(HEADER_BYTES + NONCE_BYTES, MINIMUM_BYTES));
  try {
    return Buffer.concat([decipher.update(blob.subarray(MINIMUM_BYTES)), decipher.final()]);
  } catch {
    throw new RollcallError(
      'ROLLCALL_ERR_SEAL',
      'A sealed value was changed or moved from where it belongs.',
    );
  }
}
