import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/log.js';
import type { CheckLine } from '../model/check.js';
import type { Person } from '../model/person.js';
import type { DirectorySettings, PeopleQuery } from './schema.js';

/** Whom to read, and what of them. */
export interface PeopleRequest {
  readonly query: PeopleQuery;
  /** The attributes wanted, by lower-case name: what patterns and templates use. */
  readonly attributes: readonly string[];
}

/** Where people come from: an LDAP server, or an LDIF file that stands for one. */
export interface Directory {
  /**
   * Everyone of the query, a page at a time. The generator's ending without an error is the proof that the read was
   * complete: until then nothing may be done because of what was read, or not read.
   * @throws ROLLCALL_ERR_DIRECTORY_INCOMPLETE (facts: check, entries), _UNREACHABLE, _TLS, _LOGIN; ROLLCALL_ERR_LDIF;
   *   ROLLCALL_ERR_PLAINTEXT; the signal's reason
   */
  read(request: PeopleRequest, signal?: AbortSignal): AsyncGenerator<readonly Person[]>;
  /** The people of the query called `who`: a stable id, uid, sAMAccountName, mail or DN. Throws as `read`. */
  find(request: PeopleRequest, who: string): Promise<readonly Person[]>;
  /** How the directory is; with a query also whether its people can be read. Never throws. */
  check(query?: PeopleQuery): Promise<CheckLine[]>;
}

export interface DirectoryContext {
  readonly settings: DirectorySettings;
  /** Whether people and passwords may cross the network in the clear. */
  readonly allowPlaintext: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}
