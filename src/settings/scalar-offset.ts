import type { Scalar } from 'yaml';

/**
 * Where in the file a line and column of a scalar's value stand: exactly for plain, quoted and block scalars, since
 * YAML's folding and indentation only ever touch white space, and everything else comes in the same order.
 *
 * @returns the offset; undefined where value and text do not go together (a reference was put in).
 */
export function offsetWithin(
  text: string,
  node: Scalar,
  value: string,
  line: number,
  column: number,
): number | undefined {
  const range = node.range;
  if (!range) return undefined;
  const target = Math.min(offsetOf(value, line, column), value.length);
  const escapes = node.type === 'QUOTE_DOUBLE';
  const single = node.type === 'QUOTE_SINGLE';
  let at = range[0];
  if (escapes || single) at += 1;
  else if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') at = text.indexOf('\n', at) + 1;

  for (let index = 0; ; index++) {
    // White space in the value stands for what may look otherwise in the file: only the rest is counted.
    while (index < target && isSpace(value[index])) index++;
    for (;;) {
      while (at < range[1] && isSpace(text[at])) at++;
      const blank = escapes ? escapeAt(text, at) : undefined;
      if (blank?.space !== true) break;
      at += blank.length;
    }
    if (index >= target) return Math.min(at, range[1]);
    const escaped = escapes ? escapeAt(text, at) : undefined;
    if (escaped) at += escaped.length;
    else if (single && text.startsWith("''", at)) at += 2;
    else if (text[at] === value[index]) at += 1;
    else return undefined;
  }
}

function offsetOf(value: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = value.indexOf('\n', start);
    if (end === -1) break;
    start = end + 1;
  }
  return start + column - 1;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}

const LONG_ESCAPES: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** The escape of a double-quoted scalar (YAML 1.2 §5.7) at an offset, and whether it stands for white space. */
function escapeAt(text: string, at: number): { length: number; space: boolean } | undefined {
  if (text[at] !== '\\') return undefined;
  const kind = text[at + 1] ?? '';
  const length = LONG_ESCAPES[kind] ?? 2;
  if (length === 2) return { length, space: 'ntr \n\r\t'.includes(kind) };
  const code = Number.parseInt(text.slice(at + 2, at + length), 16);
  return { length, space: isSpace(String.fromCodePoint(Number.isNaN(code) ? 0xfffd : code)) };
}
