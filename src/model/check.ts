import type { ErrorCode } from '../lib/error-codes.js';

/** One line of `rollcall check`: what was looked at and how it is. */
export interface CheckLine {
  /** What was looked at, in a few words: "LDAP connection". */
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found, in one sentence, never with a secret in it. */
  readonly detail: string;
  readonly code?: ErrorCode;
  /** What to do about it. */
  readonly hint?: string;
}
