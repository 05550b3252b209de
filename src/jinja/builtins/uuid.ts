import { valueError } from '../errors.js';

/** Sixteen bytes as a UUID. */
export function formatUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * `pex_to_uuid`: the Base64 of an objectGUID as the UUID that Active Directory's own tools show. Its first three fields are
 * little-endian in the directory (MS-DTYP §2.3.4.2), as Python's `uuid.UUID(bytes_le=…)` reads them.
 */
export function toUuid(text: string): string {
  const plain = text.trim();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(plain)) return plain.toLowerCase();
  const raw = Buffer.from(plain, 'base64');
  if (raw.length !== 16 || !/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) {
    throw valueError('pex_to_uuid: it is not the Base64 of 16 bytes');
  }
  raw.subarray(0, 4).reverse();
  raw.subarray(4, 6).reverse();
  raw.subarray(6, 8).reverse();
  return formatUuid(raw);
}
