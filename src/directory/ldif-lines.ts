import { createReadStream } from 'node:fs';
import type { Problem } from '../lib/errors.js';

/** A line with its continuations joined to it (RFC 2849 §2, note 2), and the number of its first line, from 1. */
export interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

const CHUNK = 256 * 1024;
const LINE_FEED = 0x0a;

/**
 * The logical lines of an LDIF file, in batches, without comments; blank lines are kept, since they end records.
 * Memory is bounded by the longest line. A line that is not UTF-8 goes to `report` and is left out.
 */
export async function* ldifLines(
  file: string,
  report: (problem: Problem) => void,
): AsyncGenerator<readonly LogicalLine[]> {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let rest: Buffer = Buffer.alloc(0);
  let next = 1;
  let held: { text: string; line: number; comment: boolean } | undefined;

  const physical = (bytes: Buffer): readonly string[] => {
    try {
      return strict.decode(bytes).split('\n');
    } catch {
      return decodeEach(bytes, strict, (offset) =>
        report({
          severity: 'error',
          code: 'ROLLCALL_ERR_LDIF',
          message: 'The line is not UTF-8.',
          hint: 'Save the file as UTF-8, or write the value as Base64 behind "::".',
          file,
          line: next + offset,
          column: 1,
        }),
      );
    }
  };
  const join = (lines: readonly string[]): LogicalLine[] => {
    const whole: LogicalLine[] = [];
    for (const raw of lines) {
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      const first = text.charCodeAt(0);
      // A blank line is no continuation, even one of blanks alone: some editors leave these.
      if (first === 0x20 && held !== undefined && held.text !== '') {
        held.text += text.slice(1);
      } else {
        if (held !== undefined && !held.comment) whole.push(held);
        held = { text, line: next, comment: first === 0x23 };
      }
      next++;
    }
    return whole;
  };

  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]); // no encoding is set, so chunks are Buffers
    const end = bytes.lastIndexOf(LINE_FEED);
    rest = bytes.subarray(end + 1);
    if (end >= 0) yield join(physical(bytes.subarray(0, end)));
  }
  const last = rest.length > 0 ? join(physical(rest)) : [];
  if (held !== undefined && !held.comment) last.push(held);
  yield last;
}

function decodeEach(
  bytes: Buffer,
  strict: InstanceType<typeof TextDecoder>,
  wrong: (offset: number) => void,
): string[] {
  const lines: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    try {
      lines.push(strict.decode(line));
    } catch {
      wrong(lines.length);
      lines.push('#'); // a comment, so that the numbers of the lines behind it stay right
    }
    start = end < 0 ? bytes.length + 1 : end + 1;
  }
  return lines;
}
