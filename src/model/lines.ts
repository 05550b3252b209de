/**
 * Lines that stand in every text that a template makes, each with its line ending. A template has one such object for one
 * place, so that whoever encodes them does so once and not for every person.
 */
export class FixedLines {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A text in pieces. Each but the last ends with its line, so that lines can be encoded piece by piece. */
export type Lines = readonly (string | FixedLines)[];

/** The text as one. */
export function textOf(lines: Lines): string {
  let text = '';
  for (const piece of lines) text += typeof piece === 'string' ? piece : piece.text;
  return text;
}
