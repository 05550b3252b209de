import { type ErrorCode, errorCodes } from './error-codes.js';

/** One thing that is wrong, at its place. All problems of all files are reported in one go. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode;
  /** What happened, in one sentence, never with a secret in it. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
}

export interface ErrorDetails {
  /** Replaces the hint of the code's row, where the place knows better. */
  readonly hint?: string;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
  /** Facts for `--json` consumers and tests (counts, names); never a secret. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** An error a user is meant to read: a code of the table, what happened, and what to do. */
export class RollcallError extends Error {
  override readonly name = 'RollcallError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: number;
  readonly problems: readonly Problem[];
  readonly facts: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? errorCodes[code].hint;
    this.exitCode = errorCodes[code].exit;
    this.problems = details.problems ?? [];
    this.facts = details.facts ?? {};
  }
}

/** The text of anything thrown, for a message; never a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
