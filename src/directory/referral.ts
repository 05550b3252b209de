/**
 * Whether a reference leads to where no people are. A search from the root of an Active Directory always returns those to
 * its Configuration and DNS partitions; any other one means that entries of the base were not read.
 */
export function holdsNoPeople(uri: string): boolean {
  const path = /^ldaps?:\/\/[^/?]*\/([^?]*)/i.exec(uri)?.[1];
  if (path === undefined) return false;
  let dn: string;
  try {
    dn = decodeURIComponent(path);
  } catch {
    return false;
  }
  return /^(?:cn=configuration|dc=domaindnszones|dc=forestdnszones)(?:,dc=[^,]+)+$/i.test(dn);
}
