import { createHmac, timingSafeEqual } from 'node:crypto';
import { base32 } from './base32.js';
import { deriveKeys, ROOT_KEY_BYTES, type RootKey, readRootKey, rootKey, writeRootKey } from './root-key.js';
import { createSealer, openBlob } from './sealed-blob.js';

/**
 * The keys derived from the root key (`keys.file`), and what they are used for. Everything that is written down is
 * written under the current key; what was written under one of `keys.previous` can still be read and compared.
 */
export interface Keyring {
  /** Names the root key (16 hex digits) without telling anything about it: kept in the ledger, shown by `key show-id`. */
  readonly id: string;
  /** AES-256-GCM under a fresh nonce. `aad` binds the blob to its place: it opens nowhere else. */
  seal(plain: Buffer | string, aad: string): Buffer;
  /** @throws ROLLCALL_ERR_SEAL when the blob was changed, moved, or sealed under a key that is not at hand. */
  unseal(sealed: Buffer, aad: string): Buffer;
  /** HMAC-SHA256, in hex. Hashes of different purposes cannot be compared with one another. */
  hash(purpose: string, text: string): string;
  /** The same under the key of that id, current or previous; undefined when it is not at hand. */
  hashUnder(keyId: string, purpose: string, text: string): string | undefined;
  /** Sixteen characters of lower-case base32 that only a holder of the key can make. */
  verpTag(data: string): string;
  /** True for a tag made under the current or a previous key; compared in constant time. */
  verpMatches(data: string, tag: string): boolean;
  /** A keyed hash in decimal digits, as Pexip's pex_hash gives: at least twenty of them. */
  pexHash(text: string): string;
}

const VERP_TAG_LENGTH = 16;

/** A keyring of a current root key, and previous ones to read with. */
function createKeyring(current: RootKey, previous: readonly RootKey[] = []): Keyring {
  const keys = new Map([current, ...previous].map((root) => [root.id, deriveKeys(root)]));
  const own = deriveKeys(current);
  const verp = (key: Buffer, data: string) =>
    base32(createHmac('sha256', key).update(data).digest(), VERP_TAG_LENGTH);

  return {
    id: current.id,
    seal: createSealer(Buffer.from(current.id, 'hex'), own.seal),
    unseal: (sealed, aad) => openBlob(sealed, aad, (keyId) => keys.get(keyId)?.seal),
    hash: (purpose, text) => hmac(own.hash, `${purpose}\0${text}`),
    hashUnder: (keyId, purpose, text) => {
      const found = keys.get(keyId);
      return found && hmac(found.hash, `${purpose}\0${text}`);
    },
    verpTag: (data) => verp(own.verp, data),
    verpMatches: (data, tag) => {
      const given = Buffer.from(tag.toLowerCase());
      if (given.length !== VERP_TAG_LENGTH) return false;
      return [...keys.values()].some(({ verp: key }) => timingSafeEqual(Buffer.from(verp(key, data)), given));
    },
    pexHash: (text) => decimal(hmac(own.hash, `pex-hash\0${text}`)),
  };
}

// Asked for in hex at once: a Buffer of its own for each costs as much as the hash.
const hmac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** 16 bytes give up to 39 digits; padded, so that the length tells nothing and pex_tail always finds enough. */
function decimal(hex: string): string {
  return BigInt(`0x${hex.slice(0, 32)}`)
    .toString()
    .padStart(39, '0');
}

/** The settings' section `keys`. */
export interface KeySettings {
  /** Absolute path of the root key. */
  readonly file: string;
  /** Older root keys, to read what was written under them. */
  readonly previous: readonly string[];
}

/**
 * Reads the root key and the previous ones.
 * @throws ROLLCALL_ERR_KEY_MISSING, ROLLCALL_ERR_KEY_INVALID.
 */
export async function loadKeyring({ file, previous }: KeySettings): Promise<Keyring> {
  const [current, ...older] = await Promise.all([readRootKey(file), ...previous.map(readRootKey)]);
  return createKeyring(current, older);
}

/**
 * Makes a new root key.
 * @throws ROLLCALL_ERR_KEY_EXISTS: a key is never overwritten.
 */
export async function createKey(file: string): Promise<Keyring> {
  return createKeyring(await writeRootKey(file));
}

/** A constant, published key, so that a dry run gives the same bytes everywhere. Never for anything that is stored. */
export function fixedKeyring(): Keyring {
  return createKeyring(rootKey(Buffer.alloc(ROOT_KEY_BYTES, 'rollcall dry run')));
}
