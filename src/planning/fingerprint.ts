import type { Keyring } from '../lib/keyring.js';
import type { Person } from '../model/person.js';
import { createKeyedHash } from './keyed-hash.js';

/** Characters of Base64: 132 bits, so that nobody meets a collision. */
const LENGTH = 22;

/**
 * Keyed hashes of what the directory said of people and of the campaign that judged it: as long as a person's stays the
 * same, so does all that is made of them. Values are compared unordered.
 * @param judgedBy all that decides beside the person: the campaign's digest, and how it repeats
 * @param names the attributes that count, in lower case
 */
export function createFingerprint(
  keyring: Keyring,
  judgedBy: string,
  names: readonly string[],
): (person: Person) => string {
  // 2: since the rows remember alias hashes of another kind; whoever has one of the first is looked at once in full.
  const hash = createKeyedHash(keyring, 'fingerprint 2', judgedBy);
  const fields = [...names].sort().map((name) => ({ name, begin: `\u0000${name}` }));

  return ({ attributes }) => {
    let text = '';
    for (const { name, begin } of fields) {
      const values = attributes.get(name);
      if (values === undefined) continue;
      text += begin;
      // The length in front keeps two values apart from one that holds the separator; most attributes have one value.
      for (const value of values.length > 1 ? [...values].sort() : values)
        text += `\u0001${value.length}:${value}`;
    }
    return hash(text, 'base64').slice(0, LENGTH);
  };
}
