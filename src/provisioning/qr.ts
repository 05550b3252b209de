import { createHash } from 'node:crypto';
import { RollcallError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { bilevelPng } from './bilevel-png.js';

/**
 * The bytes that the largest QR code (version 40) holds at the lowest error correction (ISO/IEC 18004, table 7).
 */
const CAPACITY = 2953;

/**
 * The more text, the more and smaller squares: long texts get less error correction, so that phones can still tell
 * the squares apart on paper. Pixels a square, so that no code is smaller than a thumb nor wider than a page.
 */
const SIZES = [
  { bytes: 150, errorCorrectionLevel: 'Q', scale: 6 },
  { bytes: 600, errorCorrectionLevel: 'M', scale: 5 },
  { bytes: CAPACITY, errorCorrectionLevel: 'L', scale: 4 },
] as const;

/** The quiet zone that ISO/IEC 18004 asks for, in squares. */
const QUIET_ZONE = 4;

/** True where some QR code can hold the text. */
export function fitsQr(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') <= CAPACITY;
}

/** Draws QR codes. */
export interface QrCodes {
  /**
   * The link as a PNG, made on this machine; the same bytes for the same link.
   * @throws ROLLCALL_ERR_QR_TOO_LONG beyond 2,953 bytes.
   */
  png(uri: Secret): Promise<Buffer>;
}

/** @param options.keep - how many pictures are kept for links that come again (a picture has some kilobytes). */
export function createQrCodes({ keep = 64 }: { readonly keep?: number } = {}): QrCodes {
  // By hash, so that no link outlives its mail in this process's memory.
  const kept = new Map<string, Promise<Buffer>>();
  return {
    png(uri) {
      const key = createHash('sha256').update(uri.reveal()).digest('base64');
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const drawn = draw(uri);
      kept.set(key, drawn);
      drawn.catch(() => kept.delete(key));
      const oldest = kept.keys().next();
      if (kept.size > keep && oldest.done !== true) kept.delete(oldest.value);
      return drawn;
    },
  };
}

async function draw(uri: Secret): Promise<Buffer> {
  const data = Buffer.from(uri.reveal(), 'utf8');
  const size = SIZES.find(({ bytes }) => data.length <= bytes);
  if (size === undefined)
    throw new RollcallError(
      'ROLLCALL_ERR_QR_TOO_LONG',
      `The link has ${data.length} bytes; a QR code holds ${CAPACITY}.`,
      { facts: { bytes: data.length } },
    );
  // Loaded where a template wants a picture: many campaigns have none.
  const { create } = await import('qrcode');
  const { modules } = create([{ data, mode: 'byte' }], { errorCorrectionLevel: size.errorCorrectionLevel });
  const squares = {
    size: modules.size,
    isDark: (row: number, column: number) => modules.get(row, column) === 1,
  };
  return bilevelPng(squares, size.scale, QUIET_ZONE);
}
