/** Python's urllib.parse.quote: all but unreserved characters and `safe`, as UTF-8. */
export function quote(text: string, safe: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return safe.includes('/') ? encoded.replaceAll('%2F', '/') : encoded;
}

/** Python's urllib.parse.unquote: a percent sign that begins no byte stays, and bytes that are no UTF-8 are U+FFFD. */
export function unquote(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
