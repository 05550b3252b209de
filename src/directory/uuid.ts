import { createHash } from 'node:crypto';

const UUID = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;
/** RFC 9562 §6.6: the namespace of X.500 distinguished names. */
const X500_NAMESPACE = Buffer.from('6ba7b8149dad11d180b400c04fd430c8', 'hex');
/** MS-DTYP §2.3.4.2: the first three fields of a GUID are little-endian, the rest is a row of bytes. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** The 16 bytes of an objectGUID as the UUID that Windows shows for it. */
export function guidToUuid(bytes: Buffer): string {
  return format(reorder(bytes));
}

/** The bytes under which Active Directory knows that UUID. */
export function uuidToGuid(uuid: string): Buffer {
  return reorder(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}

/** The text as a lower-case UUID with hyphens (braces are taken off), or undefined where it is none. */
export function asUuid(text: string): string | undefined {
  const found = UUID.exec(text.trim());
  return found ? found.slice(1).join('-').toLowerCase() : undefined;
}

/** UUIDv5 (RFC 9562 §5.5) of a normalised DN: the id of a person in an LDIF that has none. */
export function uuidOfDn(normalisedDn: string): string {
  const hash = createHash('sha1')
    .update(X500_NAMESPACE)
    .update(normalisedDn, 'utf8')
    .digest()
    .subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return format(hash);
}

function reorder(bytes: Buffer): Buffer {
  return Buffer.from(GUID_ORDER.map((from) => bytes[from] ?? 0));
}

function format(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
