import type { Secret } from '../lib/secret.js';

const MAX_TEXT = 300;
/** Shorter secrets would blank out half of every sentence; they are not in a reply by themselves. */
const MIN_SECRET = 4;

/**
 * Text from a server, fit to be kept and shown: servers quote what they refuse. The given secrets go, in the clear,
 * percent-encoded and in Base64; so does every link but for its scheme and host, and whatever looks encoded.
 */
export function scrub(text: string, secrets: readonly Secret[]): string {
  let clean = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length < MIN_SECRET || value.length > text.length) continue;
    const base64 = Buffer.from(value).toString('base64');
    for (const form of [value, encodeURIComponent(value), base64, base64.replace(/=+$/, '')]) {
      clean = clean.replaceAll(form, '[redacted]');
    }
  }
  clean = clean
    .replace(
      /\b([a-z][a-z0-9+.-]{1,30}:\/\/)([^\s/?#<>"]*)[^\s<>"]*/gi,
      (link, scheme: string, host: string) =>
        link.length > scheme.length + host.length ? `${scheme}${host}/[…]` : link,
    )
    .replace(/[A-Za-z0-9+/_=%-]{48,}/g, '[…]')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…` : clean;
}
