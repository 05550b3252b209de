import type { ErrorCode } from '../lib/error-codes.js';
import type { Problem } from '../lib/errors.js';

interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units as editors count. */
  readonly column: number;
}

/** One file of a template, with the way from an offset to its line and column. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  at(offset: number): Position;
  /** The inverse of {@link SourceFile.at}. */
  offsetOf(position: Position): number;
}

/** Keeps a file's text with the offsets of its lines. */
export function createSource(file: string, text: string): SourceFile {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return {
    file,
    text,
    at(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
    offsetOf: ({ line, column }) => (starts[line - 1] ?? text.length) + column - 1,
  };
}

/** Where a lint rule puts what it finds. */
export type Report = (
  offset: number,
  code: ErrorCode,
  message: string,
  options?: { readonly hint?: string; readonly severity?: Problem['severity'] },
) => void;

/** A {@link Report} that turns offsets in one file into positions. */
export function reporter(source: SourceFile, problems: Problem[]): Report {
  return (offset, code, message, { hint, severity = 'error' } = {}) => {
    problems.push({
      severity,
      code,
      message,
      file: source.file,
      ...source.at(offset),
      ...(hint === undefined ? {} : { hint }),
    });
  };
}
