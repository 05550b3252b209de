import type { SearchRequest } from 'ldapts';
import type { Connection } from './connection.js';
import { createDecoder, type DecodedEntry, type OpenRange } from './entry.js';
import { incomplete, searchFailure } from './failures.js';
import { type Filter, parseFilter } from './filter.js';
import type { SearchOptions } from './search-request.js';

const ANYTHING: Filter = parseFilter('(objectClass=*)');
const NOTHING: ReadonlySet<string> = new Set();

export interface RangeRead {
  readonly connection: Connection;
  readonly requests: (options: SearchOptions) => SearchRequest;
  readonly dn: string;
  /** The entry with a part of the values; the rest is added to its attributes. */
  readonly decoded: DecodedEntry;
  /** How many entries were read before, for the message of a failure. */
  readonly entries: number;
}

/**
 * Reads the values that Active Directory holds back of an attribute with more than 1,500 of them (MS-ADTS §3.1.1.3.1.3.3).
 * @throws ROLLCALL_ERR_DIRECTORY_INCOMPLETE where they do not come.
 */
export async function completeRanges({
  connection,
  requests,
  dn,
  decoded,
  entries,
}: RangeRead): Promise<void> {
  const open: OpenRange[] = [...decoded.ranges];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const { name, from } = range;
    const response = await connection.search(
      requests({ base: dn, scope: 'base', filter: ANYTHING, attributes: [`${name};range=${from}-*`] }),
    );
    if (response.status !== 0) throw searchFailure(response.status, response.serverText, entries);
    const [entry] = response.entries;
    const rest = entry && createDecoder(new Set([name]), NOTHING)(entry);
    const values = rest?.attributes.get(name);
    const following = rest?.ranges[0];
    if (rest === undefined || values === undefined || (following !== undefined && following.from <= from))
      throw incomplete('result', entries, `${dn} has more values of ${name} than the server gives.`);
    const known = decoded.attributes.get(name) ?? [];
    for (const value of values) known.push(value);
    decoded.attributes.set(name, known);
    if (following !== undefined) open.push(following);
  }
}
