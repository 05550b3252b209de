import { FixedLines, type Lines } from '../model/lines.js';

const CR = 0x0d;
const LF = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
const EQUALS = 0x3d;

/** RFC 5322 §2.1.1 allows 998; some relays count the line ending or a stuffed dot. */
const MAX_PLAIN_LINE = 990;
/** RFC 2045 §6.7 (5): at most 76 characters, the "=" of a soft break among them. */
const MAX_QP_LINE = 76;

const PLAIN = 0;
const LINE_END = 1;
const BLANK = 2;
/** "=": itself in 7bit, an escape in quoted-printable. */
const MARK = 3;
/** Neither may it stand in 7bit. */
const FOREIGN = 4;

const KIND = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === CR || byte === LF) return LINE_END;
  if (byte === TAB || byte === SPACE) return BLANK;
  if (byte === EQUALS) return MARK;
  return byte < SPACE || byte > 0x7e ? FOREIGN : PLAIN;
});

const HEX = Buffer.from('0123456789ABCDEF', 'latin1');

/**
 * What the boundaries of a message begin with. "=_" can stand in no quoted-printable body (RFC 2045 §6.7), and no text
 * that holds it stays as it is.
 */
export const BOUNDARY_MARK = '=_';

type Encoding = '7bit' | 'quoted-printable';

export interface EncodedBody {
  readonly encoding: Encoding;
  /** CRLF line endings, the last line ended too. No dots stuffed: that is the transport's affair. */
  readonly bytes: readonly Buffer[];
}

/**
 * Text as the body of a MIME part: as it is where every server would leave it alone, else quoted-printable (base64
 * text costs points with spam filters). Any of CRLF, CR and LF ends a line; half a surrogate pair becomes U+FFFD.
 */
export function encodeLines(lines: Lines): EncodedBody {
  const pieces = lines.map((piece) =>
    piece instanceof FixedLines ? encodedOnce(piece) : survey(Buffer.from(piece, 'utf8')),
  );
  const encoding = pieces.every(({ isPlain }) => isPlain) ? '7bit' : 'quoted-printable';
  return {
    encoding,
    bytes: pieces.map((piece) => ('source' in piece ? encode(piece, encoding) : piece[encoding])),
  };
}

interface Encoded extends Readonly<Record<Encoding, Buffer>> {
  readonly isPlain: boolean;
}

/** Nine tenths of a mail are the same for everybody. Gone when the template is. */
const encoded = new WeakMap<FixedLines, Encoded>();

function encodedOnce(lines: FixedLines): Encoded {
  const known = encoded.get(lines);
  if (known !== undefined) return known;
  const found = survey(Buffer.from(lines.text, 'utf8'));
  const both = {
    isPlain: found.isPlain,
    '7bit': encode(found, '7bit'),
    'quoted-printable': encode(found, 'quoted-printable'),
  };
  encoded.set(lines, both);
  return both;
}

const encode = (found: Survey, encoding: Encoding): Buffer =>
  encoding === '7bit' ? withCrlf(found) : quotedPrintable(found);

interface Survey {
  readonly source: Buffer;
  /** Printable ASCII in lines that are short enough and have no white space at their ends. */
  readonly isPlain: boolean;
  /** No fewer than quoted-printable needs. */
  readonly escapes: number;
  /** No fewer than there are lines. */
  readonly lineEnds: number;
}

function survey(source: Buffer): Survey {
  let [foreign, marks, lineEnds, trailing, lineStart, longest] = [0, 0, 1, 0, 0, 0];
  let kindBefore = PLAIN;
  for (let i = 0; i < source.length; i++) {
    const kind = KIND[source[i] as number]; // both indices are in range
    if (kind === LINE_END) {
      lineEnds++;
      if (kindBefore === BLANK) trailing++;
      if (i - lineStart > longest) longest = i - lineStart;
      lineStart = i + 1;
    } else if (kind === FOREIGN) foreign++;
    else if (kind === MARK) marks++;
    kindBefore = kind as number;
  }
  if (kindBefore === BLANK) trailing++;
  longest = Math.max(longest, source.length - lineStart);
  return {
    source,
    isPlain:
      foreign === 0 && trailing === 0 && longest <= MAX_PLAIN_LINE && !source.includes(`--${BOUNDARY_MARK}`),
    escapes: foreign + marks + trailing,
    lineEnds,
  };
}

function withCrlf({ source, lineEnds }: Survey): Buffer {
  const out = Buffer.allocUnsafe(source.length + lineEnds + 2);
  const hasCr = source.includes(CR);
  let at = 0;
  for (let from = 0; from < source.length; ) {
    const stop = hasCr ? nextLineEnd(source, from) : source.indexOf(LF, from);
    const end = stop < 0 ? source.length : stop;
    at += source.copy(out, at, from, end);
    out[at++] = CR;
    out[at++] = LF;
    from = end + (source[end] === CR && source[end + 1] === LF ? 2 : 1);
  }
  return out.subarray(0, at);
}

function nextLineEnd(source: Buffer, from: number): number {
  for (let i = from; i < source.length; i++) {
    if (source[i] === LF || source[i] === CR) return i;
  }
  return -1;
}

/** RFC 2045 §6.7 in one pass over the bytes. */
function quotedPrintable({ source, escapes, lineEnds }: Survey): Buffer {
  const written = source.length + 2 * escapes + 2 * lineEnds;
  // a soft break costs three bytes and comes after no fewer than 73
  const out = Buffer.allocUnsafe(written + 3 * Math.ceil(written / (MAX_QP_LINE - 3)) + 2);
  const { length } = source;
  let at = 0;
  let column = 0;
  for (let i = 0; i < length; i++) {
    const byte = source[i] as number; // i < length
    const kind = KIND[byte];
    // nearly all of them: the last column but one is the last that is free whatever follows
    if (
      column < MAX_QP_LINE - 1 &&
      (kind === PLAIN || (kind === BLANK && i + 1 < length && KIND[source[i + 1] as number] !== LINE_END))
    ) {
      out[at++] = byte;
      column++;
      continue;
    }
    if (kind === LINE_END) {
      if (byte === CR && source[i + 1] === LF) i++;
      out[at++] = CR;
      out[at++] = LF;
      column = 0;
      continue;
    }
    const endsLine = i + 1 === length || KIND[source[i + 1] as number] === LINE_END;
    const asIs = kind === PLAIN || (kind === BLANK && !endsLine);
    const width = asIs ? 1 : 3;
    // the last column is free for the "=" of a soft break, unless the line ends right here
    if (column + width > (endsLine ? MAX_QP_LINE : MAX_QP_LINE - 1)) {
      out[at++] = EQUALS;
      out[at++] = CR;
      out[at++] = LF;
      column = 0;
    }
    if (asIs) {
      out[at++] = byte;
    } else {
      out[at++] = EQUALS;
      out[at++] = HEX[byte >> 4] as number; // a nibble
      out[at++] = HEX[byte & 15] as number;
    }
    column += width;
  }
  if (column > 0) {
    out[at++] = CR;
    out[at++] = LF;
  }
  return out.subarray(0, at);
}
