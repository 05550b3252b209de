import { isWithin, normaliseDn } from '../model/dn.js';
import type { Person } from '../model/person.js';
import { accountAttributes, barredBy } from './account.js';
import type { Connection } from './connection.js';
import { createDecoder } from './entry.js';
import { incomplete, searchFailure } from './failures.js';
import { type Filter, parseFilter } from './filter.js';
import { idAttributes, idOf } from './identity.js';
import { attributesToAsk } from './ldap-read.js';
import { completeRanges } from './ranges.js';
import { holdsNoPeople } from './referral.js';
import type { PeopleQuery } from './schema.js';
import type { SearchReply } from './search-replies.js';
import { createRequests } from './search-request.js';
import { asUuid, uuidToGuid } from './uuid.js';

/** RFC 4511 appendix A: the base of a search is not there. */
const NO_SUCH_OBJECT = 32;

export interface LdapFind {
  readonly connection: Connection;
  readonly query: PeopleQuery;
  /** Lower case. */
  readonly attributes: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * The people of the query whom `who` names: by stable id, uid, sAMAccountName, mail or DN. Usually one or none.
 * @throws ROLLCALL_ERR_DIRECTORY_INCOMPLETE where the server does not answer in full.
 */
export async function findPeople(find: LdapFind, who: string): Promise<readonly Person[]> {
  const { connection, query, now } = find;
  const requests = createRequests();
  const attributes = attributesToAsk(query, find.attributes);
  const campaign = parseFilter(query.filter);
  const ids = idAttributes(query);
  const decode = createDecoder(new Set(find.attributes), new Set([...ids, ...accountAttributes]));

  const peopleOf = async (response: SearchReply): Promise<Person[]> => {
    if (response.status !== 0) throw searchFailure(response.status, response.serverText, 0);
    const reference = response.references.find((uri) => !holdsNoPeople(uri));
    if (reference !== undefined)
      throw incomplete('referral', 0, `part of the base is on another server: ${reference}.`);
    const people: Person[] = [];
    for (const entry of response.entries) {
      const decoded = decode(entry);
      const id = idOf(decoded.own, ids);
      if (id === undefined)
        throw incomplete('id', people.length, `${entry.name} has no ${ids.join(' or ')}.`);
      const barred = barredBy(decoded.own, now);
      await completeRanges({ connection, requests, dn: entry.name, decoded, entries: people.length });
      people.push({ id, dn: entry.name, attributes: decoded.attributes, barred });
    }
    return people;
  };

  const dn = who.includes('=') ? normaliseDn(who) : undefined;
  if (dn !== undefined && isWithin(dn, normaliseDn(query.base) ?? '')) {
    const response = await connection.search(
      requests({ base: who, scope: 'base', filter: campaign, attributes }),
    );
    if (response.status !== NO_SUCH_OBJECT) return await peopleOf(response);
  }
  const filter: Filter = { kind: 'and', filters: [campaign, { kind: 'or', filters: namesOf(who, query) }] };
  return await peopleOf(await connection.search(requests({ base: query.base, filter, attributes })));
}

/** Every way in which an entry may be called that. */
function namesOf(who: string, query: PeopleQuery): Filter[] {
  const equal = (attribute: string, value: string | Buffer): Filter => ({
    kind: 'equal',
    attribute,
    value: Buffer.from(value),
  });
  const uuid = asUuid(who);
  return [
    ...['uid', 'samaccountname', 'mail'].map((name) => equal(name, who)),
    ...(uuid === undefined ? [] : [equal('entryuuid', uuid), equal('objectguid', uuidToGuid(uuid))]),
    ...(query.id === undefined ? [] : [equal(query.id, who)]),
    ...(query.id === 'ms-ds-consistencyguid' && uuid !== undefined
      ? [equal(query.id, uuidToGuid(uuid))]
      : []),
  ];
}
