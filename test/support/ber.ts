/** BER and DER (X.690) by hand, for certificates and for an LDAP server that misbehaves. */

/** A tag, the length, and the contents joined. */
export function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

export const sequence = (...contents: readonly Buffer[]) => tlv(0x30, ...contents);
export const set = (...contents: readonly Buffer[]) => tlv(0x31, ...contents);
export const octets = (value: string | Buffer, tag = 0x04) => tlv(tag, Buffer.from(value));
export const boolean = (value: boolean) => tlv(0x01, Buffer.from([value ? 0xff : 0]));
export const enumerated = (value: number) => tlv(0x0a, Buffer.from([value]));
export const bits = (value: Buffer) => tlv(0x03, Buffer.from([0]), value);

/** A non-negative INTEGER. */
export function integer(value: number | bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return tlv(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return tlv(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

export interface Tlv {
  readonly tag: number;
  readonly body: Buffer;
  /** Bytes that it took, tag and length included. */
  readonly size: number;
}

/** The first TLV of the bytes, or undefined where it is not all there yet. */
export function readTlv(bytes: Buffer): Tlv | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (bytes.length < 2 + lengthBytes) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  const start = 2 + lengthBytes;
  if (bytes.length < start + length) return undefined;
  return { tag, body: bytes.subarray(start, start + length), size: start + length };
}

/** All TLVs of the bytes. */
export function readAll(bytes: Buffer): Tlv[] {
  const found: Tlv[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const next = readTlv(rest);
    if (next === undefined) throw new Error('cut off');
    found.push(next);
    rest = rest.subarray(next.size);
  }
  return found;
}
