import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { RollcallError } from './errors.js';
import { KEY_ID_BYTES } from './root-key.js';

/*
 * A sealed value: version (1 byte, 1) | key id (8) | nonce (12) | tag (16) | ciphertext.
 * AES-256-GCM, NIST SP 800-38D; nonces are random, good for 2^32 values under one key.
 * The header is authenticated too, so that neither version nor key id can be swapped.
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const MINIMUM_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/** Seals `plain` so that it opens only under this key and with the same `aad`. */
export function sealBlob(keyId: Buffer, key: Buffer, plain: Buffer | string, aad: string): Buffer {
  const header = Buffer.concat([Buffer.of(VERSION), keyId]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, Buffer.from(aad, 'utf8')]));
  const text = Buffer.concat([
    typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain),
    cipher.final(),
  ]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), text]);
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
