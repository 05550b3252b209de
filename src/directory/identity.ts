import type { Attributes } from '../model/person.js';
import type { PeopleQuery } from './schema.js';
import { asUuid, guidToUuid } from './uuid.js';

/** What an id is found in where a campaign does not say: OpenLDAP's and most others', then Active Directory's. */
const DEFAULT_IDS = ['entryuuid', 'objectguid'] as const;
/** Sixteen bytes in the order of MS-DTYP §2.3.4.2. */
const GUIDS: ReadonlySet<string> = new Set(['objectguid', 'ms-ds-consistencyguid']);

/** The attributes that may hold a person's id. Lower case. */
export function idAttributes(query: PeopleQuery): readonly string[] {
  return query.id === undefined ? DEFAULT_IDS : [query.id];
}

/**
 * The stable id among an entry's attributes: a UUID in lower case, or whatever else `people.id` names as it is.
 * @returns undefined where there is none, or several.
 */
export function idOf(attributes: Attributes, names: readonly string[]): string | undefined {
  for (const name of names) {
    const values = attributes.get(name);
    const value = values?.[0];
    if (value === undefined || value === '' || values?.length !== 1) continue;
    if (!GUIDS.has(name)) return name === 'entryuuid' ? value.toLowerCase() : value;
    const bytes = Buffer.from(value, 'base64');
    if (bytes.length === 16) return guidToUuid(bytes);
    // An LDIF made by hand may write the GUID as text; binary attributes are Base64 by now.
    return asUuid(bytes.toString('utf8'));
  }
  return undefined;
}
