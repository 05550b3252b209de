import type { Sender } from './sender.js';

/** RFC 5322 §2.1.1 asks for lines of at most 78 octets. */
const MAX_LINE = 76;
/** So many bytes of UTF-8 fill an encoded word of 75 characters (RFC 2047 §2): `=?UTF-8?B?` + 60 + `?=`. */
const BYTES_PER_WORD = 45;

const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * A header of free text, such as Subject: as it is where it is printable ASCII, else in encoded words.
 * Whatever would end the line or is a control becomes a space, so that no value can bring a header of its own.
 */
export function textHeader(name: string, value: string): string {
  const clean = withoutControls(value);
  return needsEncoding(clean)
    ? `${name}: ${encodedWords(clean, MAX_LINE - name.length - 2)}\r\n`
    : fold(`${name}: ${clean}`);
}

/** A header of one mailbox with its display name. */
export function mailboxHeader(name: string, { name: display, address }: Sender): string {
  const clean = withoutControls(display).trim();
  if (clean === '') return `${name}: ${address}\r\n`;
  if (!needsEncoding(clean)) return fold(`${name}: ${quoteIfNeeded(clean)} <${address}>`);
  const words = encodedWords(clean, MAX_LINE - name.length - 2);
  const lastLine = words.slice(words.lastIndexOf('\n') + 1);
  const gap = lastLine.length + address.length + 3 > MAX_LINE ? '\r\n ' : ' ';
  return `${name}: ${words}${gap}<${address}>\r\n`;
}

function withoutControls(text: string): string {
  return PRINTABLE.test(text)
    ? text
    : Buffer.from(text)
        .toString()
        .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** Also what is ASCII but would be read as an encoded word, would lose its spaces, or cannot be folded. */
function needsEncoding(text: string): boolean {
  return !PRINTABLE.test(text) || /=\?|^ | $| {2}|[^ ]{60}/.test(text);
}

/** RFC 5322 §3.2.4: anything but atoms and spaces goes in quotes. */
function quoteIfNeeded(name: string): string {
  return /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*$/.test(name) ? name : `"${name.replace(/(["\\])/g, '\\$1')}"`;
}

/** Breaks before a space wherever a line would grow too long. The text has single spaces and no word over 60. */
function fold(line: string): string {
  if (line.length <= MAX_LINE) return `${line}\r\n`;
  let folded = '';
  let rest = line;
  while (rest.length > MAX_LINE) {
    // never before the first word: a header must not begin with a folded, empty line
    const at = rest.lastIndexOf(' ', MAX_LINE);
    const cut = at > rest.indexOf(': ') + 1 && at > 0 ? at : rest.indexOf(' ', MAX_LINE);
    if (cut < 0) break;
    folded += `${rest.slice(0, cut)}\r\n`;
    rest = rest.slice(cut);
  }
  return `${folded}${rest}\r\n`;
}

/** RFC 2047 §2: words of at most 75 characters, none of which splits a character. */
function encodedWords(text: string, firstRoom: number): string {
  const words: string[] = [];
  let chunk = '';
  let bytes = 0;
  // the first word shares its line with the header's name
  let limit = Math.min(BYTES_PER_WORD, Math.floor((firstRoom - 12) / 4) * 3);
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (bytes + size > limit) {
      words.push(encodedWord(chunk));
      chunk = '';
      bytes = 0;
      limit = BYTES_PER_WORD;
    }
    chunk += character;
    bytes += size;
  }
  words.push(encodedWord(chunk));
  return words.join('\r\n ');
}

function encodedWord(text: string): string {
  return `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}
