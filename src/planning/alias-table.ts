/**
 * Who shares an alias, found in flat memory: one 8-byte hash a person in a typed array, sorted once at the end.
 * The hashes are keyed, so nobody can craft two aliases that collide; whoever shares one is confirmed by the alias itself.
 */
export interface AliasTable {
  add(hash: string): void;
  /** The hashes that were added more than once. */
  shared(): ReadonlySet<string>;
}

const FIRST_CAPACITY = 4_096;

export function createAliasTable(): AliasTable {
  let hashes = new BigUint64Array(FIRST_CAPACITY);
  let length = 0;

  return {
    add(hash) {
      if (length === hashes.length) {
        const larger = new BigUint64Array(hashes.length * 2);
        larger.set(hashes);
        hashes = larger;
      }
      hashes[length] = BigInt(`0x${hash}`);
      length += 1;
    },

    shared() {
      const sorted = hashes.subarray(0, length).sort();
      const shared = new Set<string>();
      for (let index = 1; index < sorted.length; index += 1) {
        const hash = sorted[index];
        if (hash !== undefined && hash === sorted[index - 1]) shared.add(hash.toString(16).padStart(16, '0'));
      }
      return shared;
    },
  };
}
