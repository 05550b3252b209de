import type { Keyring } from '../lib/keyring.js';
import { foldAlias } from '../matching/fold.js';
import { createKeyedHash } from './keyed-hash.js';

/**
 * Who shares an alias, found in flat memory: one 8-byte hash a person, sorted once at the end.
 * The hashes are keyed, so nobody can craft two aliases that collide; whoever shares one is confirmed by the alias itself.
 */
export interface AliasTable {
  /** @param hash eight bytes in hex */
  add(hash: string): void;
  /** The hashes that were added more than once. */
  shared(): ReadonlySet<string>;
}

const FIRST_CAPACITY = 4_096;
const BYTES = 8;

/** Gives eight bytes, in hex: enough to find who shares an alias, and no use to anyone without the key. */
export function createAliasHash(keyring: Keyring): (alias: string) => string {
  const hash = createKeyedHash(keyring, 'alias', '');
  return (alias) => hash(foldAlias(alias), 'hex').slice(0, 2 * BYTES);
}

export function createAliasTable(): AliasTable {
  let bytes = Buffer.alloc(FIRST_CAPACITY * BYTES);
  let length = 0;

  return {
    add(hash) {
      if (length === bytes.length) {
        const larger = Buffer.alloc(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      bytes.write(hash, length, BYTES, 'hex');
      length += BYTES;
    },

    shared() {
      // In whatever order a machine's numbers have: all that counts is that equal ones come to lie side by side.
      const sorted = new BigUint64Array(bytes.buffer, bytes.byteOffset, length / BYTES).sort();
      const shared = new Set<string>();
      for (let index = 1; index < sorted.length; index += 1)
        if (sorted[index] === sorted[index - 1])
          shared.add(bytes.toString('hex', index * BYTES, (index + 1) * BYTES));
      return shared;
    },
  };
}
