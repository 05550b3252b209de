/** Control characters steer a terminal, and so does what turns the direction of the text after it. Lines may end. */
const STEERING = /(?![\n\t])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/**
 * Text from a directory or a server, as it may be shown on a terminal: what would colour it, move its cursor or turn the text
 * around is written out as `\u001b`.
 */
export function printable(text: string): string {
  return text.replaceAll(STEERING, escapeOf);
}

/** The same for each text in a document of arrays and plain objects. */
export function printableDocument<T>(document: T): T {
  return walk(document) as T; // texts stay texts, and all else stays what it is
}

/** A document as JSON that may be shown on a terminal: the same to whoever parses it. */
export function printableJson(document: unknown): string {
  return printable(JSON.stringify(document, null, 2));
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
