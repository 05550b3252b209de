/**
 * A person's attributes. Names are lower-cased (LDAP's are case-insensitive, RFC 4512 §2.5) and carry no value twice;
 * values are text, or Base64 where the attribute is binary. An attribute without values is not in the map.
 */
export type Attributes = ReadonlyMap<string, readonly string[]>;

/** Why an account must not get credentials. */
export type Barred = 'disabled' | 'expired';

/** One directory entry, identified for ever by `id`, never by mail or uid. */
export interface Person {
  /** entryUUID or objectGUID as a lower-case UUID; whatever else the campaign names, as text. */
  readonly id: string;
  readonly dn: string;
  readonly attributes: Attributes;
  /** Set where the directory says that the account is disabled or has expired. */
  readonly barred: Barred | undefined;
}
