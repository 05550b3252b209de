import type { Keyring } from '../lib/keyring.js';

/** Raised when what a revision covers changes its form; revisions of an older form are compared by rewriting them. */
const FORMAT = 'r1';

/**
 * The keyed hash of what a person is provisioned with, with its format and key in front: `r1.<key id>.<hash>`. Keyed,
 * since it covers a password, and a plain hash of a short one can be guessed.
 */
export function revisionOf(keyring: Keyring, provisionedWith: string): string {
  return `${FORMAT}.${keyring.id}.${keyring.hash('revision', provisionedWith)}`;
}

/** Whether a stored revision, perhaps made under a previous key, is that of what a person is provisioned with now. */
export function isRevisionOf(stored: string, keyring: Keyring, provisionedWith: string): boolean {
  const [format, keyId, hash] = stored.split('.');
  if (format !== FORMAT || keyId === undefined) return false;
  return keyring.hashUnder(keyId, 'revision', provisionedWith) === hash;
}
