/**
 * Base64 in the standard alphabet with padding, of UTF-8: browsers' `atob` takes no other (no `-_`, RFC 4648 §5).
 */
export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/**
 * A value inside Pexip's Base64 bag of pairs. The client reads the bag as `new URLSearchParams(atob(data))`, so
 * `%`, `&`, `+` and all that is not visible ASCII must be percent-encoded; what form-decoding leaves alone stays as
 * it is, which gives byte for byte what Pexip's own templates give for ordinary values.
 */
export function escapePairValue(value: string): string {
  return value.replace(/[^!-~]+|[%&+#]/gu, encodeURIComponent);
}

/**
 * A Base64 text inside a query, where a raw `+` would be read as a space. `=` is left as Pexip's document writes
 * it.
 */
export function base64InQuery(text: string): string {
  return base64(text).replaceAll('+', '%2B').replaceAll('/', '%2F');
}
