import type { PeerCertificate } from 'node:tls';
import type { Clock } from '../lib/clock.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { CheckLine } from '../model/check.js';
import { accountAttributes } from './account.js';
import { type Connection, type LdapSettings, nameOf, openConnection } from './connection.js';
import { createDecoder } from './entry.js';
import { searchFailure } from './failures.js';
import { parseFilter } from './filter.js';
import { idAttributes, idOf } from './identity.js';
import { attributesToAsk } from './ldap-read.js';
import { holdsNoPeople } from './referral.js';
import type { PeopleQuery } from './schema.js';
import { createRequests } from './search-request.js';

const SOON_MS = 14 * 86_400_000;

export interface LdapCheck {
  readonly settings: LdapSettings;
  readonly allowPlaintext: boolean;
  readonly clock: Clock;
  /** Without one, only the connection and the login are looked at. */
  readonly query: PeopleQuery | undefined;
}

/** Connects, logs in and reads one page, and says how each went. Never throws. */
export async function checkLdap({ settings, allowPlaintext, clock, query }: LdapCheck): Promise<CheckLine[]> {
  const where = nameOf(settings.url);
  let connection: Connection;
  try {
    connection = await openConnection(settings, { allowPlaintext });
  } catch (error) {
    return [failedLine(error)];
  }
  try {
    const lines: CheckLine[] = [
      { what: 'LDAP connection', state: 'ok', detail: `${where} answers.` },
      tlsLine(connection.certificate, clock.now()),
      {
        what: 'LDAP login',
        state: settings.bindDn === undefined ? 'warning' : 'ok',
        detail: settings.bindDn === undefined ? 'Anonymous.' : `As ${settings.bindDn}.`,
      },
    ];
    if (query !== undefined) lines.push(...(await peopleLines(connection, settings.pageSize, query)));
    return lines;
  } catch (error) {
    return [failedLine(error)];
  } finally {
    await connection.close();
  }
}

function tlsLine(certificate: PeerCertificate | undefined, now: number): CheckLine {
  const what = 'LDAP TLS';
  if (certificate === undefined)
    return { what, state: 'warning', detail: 'The connection is not encrypted.' };
  const until = Date.parse(certificate.valid_to);
  const day = Number.isNaN(until) ? certificate.valid_to : new Date(until).toISOString().slice(0, 10);
  return until - now < SOON_MS
    ? { what, state: 'warning', detail: `The certificate expires on ${day}.`, hint: 'Have it renewed.' }
    : { what, state: 'ok', detail: `The certificate is trusted and valid until ${day}.` };
}

async function peopleLines(connection: Connection, size: number, query: PeopleQuery): Promise<CheckLine[]> {
  const response = await connection.search(
    createRequests()({
      base: query.base,
      filter: parseFilter(query.filter),
      attributes: attributesToAsk(query, []),
      page: { size, cookie: undefined },
    }),
  );
  if (response.status !== 0) throw searchFailure(response.status, response.serverText, 0);
  const lines: CheckLine[] = [{ what: 'LDAP base', state: 'ok', detail: `${query.base} can be searched.` }];
  const [sample] = response.entries;
  if (sample === undefined) {
    lines.push({
      what: 'LDAP people',
      state: 'failed',
      detail: 'The first page holds nobody.',
      code: 'ROLLCALL_ERR_DIRECTORY_INCOMPLETE',
      hint: 'Check people.base and people.filter, and what the bind account may read.',
    });
    return lines;
  }
  const more = (response.cookie?.length ?? 0) > 0;
  lines.push({
    what: 'LDAP people',
    state: 'ok',
    detail: `${response.entries.length} ${more ? 'in the first page, and more behind it' : 'in all'}; ${sample.name} is one.`,
  });
  const ids = idAttributes(query);
  const named = query.id ?? 'entryUUID or objectGUID';
  const decode = createDecoder(new Set(), new Set([...ids, ...accountAttributes]));
  const without = response.entries.find((entry) => idOf(decode(entry).own, ids) === undefined);
  lines.push(
    without === undefined
      ? { what: 'LDAP ids', state: 'ok', detail: `Everyone in the first page has ${named}.` }
      : {
          what: 'LDAP ids',
          state: 'failed',
          detail: `${without.name} has no ${named}.`,
          code: 'ROLLCALL_ERR_DIRECTORY_INCOMPLETE',
          hint: 'Let the bind account read that attribute, or name another one as people.id.',
        },
  );
  const reference = response.references.find((uri) => !holdsNoPeople(uri));
  if (reference !== undefined)
    lines.push({
      what: 'LDAP references',
      state: 'failed',
      detail: `Part of the base is on another server: ${reference}.`,
      code: 'ROLLCALL_ERR_DIRECTORY_INCOMPLETE',
      hint: 'Read from a server that holds the whole base.',
    });
  return lines;
}

const STEPS: Readonly<Record<string, string>> = {
  ROLLCALL_ERR_DIRECTORY_TLS: 'LDAP TLS',
  ROLLCALL_ERR_DIRECTORY_LOGIN: 'LDAP login',
  ROLLCALL_ERR_DIRECTORY_INCOMPLETE: 'LDAP people',
};

function failedLine(error: unknown): CheckLine {
  if (!(error instanceof RollcallError))
    return {
      what: 'LDAP connection',
      state: 'failed',
      detail: messageOf(error),
      code: 'ROLLCALL_ERR_DIRECTORY_UNREACHABLE',
    };
  return {
    what: STEPS[error.code] ?? 'LDAP connection',
    state: 'failed',
    detail: error.message,
    code: error.code,
    hint: error.hint,
  };
}
