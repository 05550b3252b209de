import { messageOf, RollcallError } from '../lib/errors.js';
import type { Person } from '../model/person.js';
import { accountAttributes, barredBy } from './account.js';
import type { Connection } from './connection.js';
import { createDecoder, type DecodedEntry, synonymsOf } from './entry.js';
import { incomplete, searchFailure } from './failures.js';
import { parseFilter } from './filter.js';
import { IdSet } from './id-set.js';
import { idAttributes, idOf } from './identity.js';
import { completeRanges } from './ranges.js';
import { holdsNoPeople } from './referral.js';
import type { PeopleQuery } from './schema.js';
import type { RawEntry, SearchReply } from './search-replies.js';
import { createRequests } from './search-request.js';

/** A server may answer with an empty page and a cookie (RFC 2696 §3), but not for ever. */
const MAX_EMPTY_PAGES = 1_000;

export interface LdapRead {
  readonly connection: Connection;
  readonly query: PeopleQuery;
  /** Lower case. */
  readonly attributes: readonly string[];
  readonly pageSize: number;
  /** Milliseconds since the Unix epoch: what has expired by then is expired. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

/** What to ask the server for: what is wanted, and what Rollcall reads for itself. */
export function attributesToAsk(query: PeopleQuery, attributes: readonly string[]): string[] {
  return [
    ...new Set([
      ...attributes,
      ...attributes.flatMap((name) => synonymsOf(name)),
      ...idAttributes(query),
      ...accountAttributes,
    ]),
  ];
}

/**
 * Everyone of the query, page by page, the next page on its way while the caller works on this one.
 * Ending without an error is the proof that the read was complete.
 * @throws ROLLCALL_ERR_DIRECTORY_INCOMPLETE with `facts.check` and `facts.entries`; the signal's reason.
 */
export async function* readPeople(read: LdapRead): AsyncGenerator<readonly Person[]> {
  const { connection, query, now } = read;
  const requests = createRequests();
  const filter = parseFilter(query.filter);
  const ask = attributesToAsk(query, read.attributes);
  const ids = idAttributes(query);
  const decode = createDecoder(new Set(read.attributes), new Set([...ids, ...accountAttributes]));
  const seen = new IdSet();
  let entries = 0;

  const nextPage = (cookie: Buffer | undefined) => {
    const page = connection.search(
      requests({ base: query.base, filter, attributes: ask, page: { size: read.pageSize, cookie } }),
    );
    page.catch(() => {}); // heard where it is awaited, which may be a while from now
    return page;
  };
  const personOf = (entry: RawEntry, { attributes, own }: DecodedEntry): Person => {
    const id = idOf(own, ids);
    if (id === undefined)
      throw incomplete('id', entries, `${entry.name} has no ${ids.join(' or ')} that could identify it.`, {
        hint: 'Let the bind account read that attribute, or name another one as people.id.',
      });
    if (!seen.add(id))
      throw incomplete('duplicate', entries, `${entry.name} came a second time (id ${id}).`, {
        hint: 'People were moved or renamed while they were read, or people.id is not unique. Run again.',
      });
    entries++;
    return { id, dn: entry.name, attributes, barred: barredBy(own, now) };
  };

  let emptyPages = 0;
  let sent: Buffer | undefined;
  let page: Promise<SearchReply> | undefined = nextPage(undefined);
  while (page !== undefined) {
    const response = await pageOf(page, read, entries);
    const cookie = checkPage(response, connection, entries, sent);
    page = cookie.length > 0 ? nextPage(cookie) : undefined;
    sent = cookie;
    if (response.entries.length === 0) {
      if (++emptyPages > MAX_EMPTY_PAGES)
        throw incomplete(
          'cookie',
          entries,
          `the server answered ${emptyPages} times with nothing but a cookie.`,
        );
      continue;
    }
    emptyPages = 0;
    const people: Person[] = [];
    for (const entry of response.entries) {
      const decoded = decode(entry);
      const person = personOf(entry, decoded);
      if (decoded.ranges.length > 0)
        await completeRanges({ connection, requests, dn: entry.name, decoded, entries });
      people.push(person);
    }
    yield people;
  }
  if (entries === 0)
    throw incomplete('empty', 0, 'nobody at all was found.', {
      hint: 'Check people.base and people.filter, and what the bind account may read.',
    });
}

async function pageOf(page: Promise<SearchReply>, read: LdapRead, entries: number): Promise<SearchReply> {
  try {
    return await page;
  } catch (error) {
    if (read.signal?.aborted) throw error;
    if (error instanceof RollcallError && error.code === 'ROLLCALL_ERR_TIMEOUT')
      throw incomplete('timeout', entries, error.message, {
        hint: 'Raise directory.timeout, lower directory.pageSize, or index the attributes of the filter.',
        cause: error,
      });
    throw incomplete('connection', entries, `the connection was lost: ${messageOf(error)}.`, {
      hint: "Look into the server's log, and run again.",
      cause: error,
    });
  }
}

/** All that one page can tell about the read being complete; returns its cookie. */
function checkPage(
  response: SearchReply,
  connection: Connection,
  entries: number,
  sent: Buffer | undefined,
): Buffer {
  if (response.status !== 0) throw searchFailure(response.status, response.serverText, entries);
  const reference = response.references.find((uri) => !holdsNoPeople(uri));
  if (reference !== undefined)
    throw incomplete('referral', entries, `part of the base is on another server: ${reference}.`, {
      hint: 'Read from a server that holds the whole base (Active Directory: the Global Catalog, ports 3268 and 3269), or narrow people.base.',
    });
  const cookie = response.cookie;
  if (cookie === undefined)
    throw incomplete('cookie', entries, 'the server did not say whether more pages follow.', {
      hint: 'Rollcall needs a server with paged results (RFC 2696).',
    });
  if (cookie.length > 0 && response.entries.length === 0 && sent !== undefined && cookie.equals(sent))
    throw incomplete('cookie', entries, 'the server answers with nothing and the cookie that it was sent.');
  if (!connection.isBound())
    throw incomplete('bound', entries, 'the connection is no longer the one that was bound.');
  return cookie;
}
