import type { Secret } from '../lib/secret.js';

/** What a system is provisioned with, rendered for one person, by name. Values may be credentials: only ever sealed at rest. */
export type LinkData = Readonly<Record<string, string>>;

/** A person with the pattern that matched and what it produced: everything a mail is made of, but for the wording. */
export interface Assignment {
  readonly person: string;
  readonly dn: string;
  readonly pattern: string;
  /** The final envelope recipient, checked and normalised. */
  readonly to: string;
  readonly locale: string | undefined;
  readonly alias: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  /** Named groups of the patterns that matched. */
  readonly match: Readonly<Record<string, string>>;
  /** {@link LinkData} as canonical JSON. */
  readonly link: Secret;
  /** Only the attributes that the templates use, by lower-case name. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export type SkipReason =
  | 'disabled'
  | 'expired'
  | 'no-pattern'
  | 'pattern'
  | 'no-address'
  | 'bad-address'
  | 'domain-not-allowed'
  | 'suppressed'
  | 'unusable';
