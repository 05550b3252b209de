import stringWidth from 'fast-string-width';

/** Where a line has no columns, or a column so far right that little room is left, what follows stands this far in. */
const LITTLE = 2;
const NARROWEST = 3;

/**
 * Lines that are wider than a terminal, broken between words, what follows below the last column: a table of names and
 * sentences stays one.
 */
export function hang(text: string, columns: number): string {
  // some terminals say that they have none
  if (columns < NARROWEST) return text;
  return text
    .split('\n')
    .flatMap((line) => (stringWidth(line) > columns ? hangLine(line, columns) : [line]))
    .join('\n');
}

function hangLine(line: string, columns: number): string[] {
  const indent = ' '.repeat(indentOf(line, columns));
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=[^ ]) (?=[^ ])/)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current.trim() === '' || stringWidth(longer) <= columns) {
      current = longer;
      continue;
    }
    lines.push(current);
    current = indent + word;
  }
  return [...lines, current];
}

/** The beginning of the last column: what follows the last gap of two spaces or more that leaves half of the width. */
function indentOf(line: string, columns: number): number {
  const gaps = [...line.matchAll(/ {2,}(?=[^ ])/g)].map(({ index, 0: gap }) =>
    stringWidth(line.slice(0, index + gap.length)),
  );
  return gaps.findLast((at) => at <= columns / 2) ?? LITTLE;
}
