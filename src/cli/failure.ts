import { isAbsolute, relative } from 'node:path';
import { type ErrorCode, errorCodes } from '../lib/error-codes.js';
import { messageOf, type Problem, RollcallError } from '../lib/errors.js';
import { fileReason } from '../lib/file-reason.js';
import { printable, printableDocument } from '../lib/printable.js';
import { counted } from './counted.js';
import { hang } from './hang.js';
import type { Output } from './output.js';
import { createPaint, type Paint } from './paint.js';

/** What `--json` prints instead of a result. */
interface FailureDocument {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string;
    readonly problems: readonly Problem[];
    readonly facts?: Readonly<Record<string, string | number | boolean>>;
  };
}

/** Anything thrown, as an error that a user is meant to read. */
export function asRollcallError(thrown: unknown): RollcallError {
  if (thrown instanceof RollcallError) return thrown;
  if (isFileError(thrown))
    return new RollcallError('ROLLCALL_ERR_IO', `${thrown.path}: ${fileReason(thrown)}.`, {
      cause: thrown,
    });
  return new RollcallError('ROLLCALL_ERR_INTERNAL', messageOf(thrown), { cause: thrown });
}

/** Prints an error once: the document with `--json`, else a line for each problem. */
export function printFailure(error: RollcallError, out: Output, env: NodeJS.ProcessEnv): void {
  if (out.json && !out.shown) out.show(failureDocument(error), () => '');
  else {
    const text = failureText(error, createPaint(process.stderr, env));
    process.stderr.write(`${process.stderr.isTTY ? hang(text, process.stderr.columns) : text}\n`);
  }
  if (env['ROLLCALL_DEBUG']) process.stderr.write(`${printable(stackOf(error))}\n`);
}

function failureDocument(error: RollcallError): FailureDocument {
  const { code, message, hint, facts } = error;
  const problems = error.problems.map((problem) => ({ ...problem, hint: hintOf(problem) }));
  return { error: { code, message, hint, problems, ...(Object.keys(facts).length > 0 && { facts }) } };
}

/** `file:line:column: CODE: what happened. What to do.`, a line for each problem; the error alone where it has none. */
function failureText(error: RollcallError, paint: Paint): string {
  if (error.problems.length === 0)
    return `${paint('red', error.code)}: ${sentence(printable(error.message))} ${printable(error.hint)}`.trimEnd();
  const lines = printableDocument(error.problems).map((problem) => problemLine(problem, paint));
  const faults = error.problems.filter(({ severity }) => severity === 'error').length;
  const warnings = error.problems.length - faults;
  const count = [counted(faults, 'problem'), ...(warnings > 0 ? [counted(warnings, 'warning')] : [])].join(
    ', ',
  );
  return [...lines, paint('bold', `${count}.`)].join('\n');
}

/** One problem at its place; the file as one would type it from here. */
export function problemLine(problem: Problem, paint: Paint): string {
  const place = [problem.file && shorten(problem.file), problem.line, problem.column].filter(
    (part) => part !== undefined && part !== '',
  );
  const colour = problem.severity === 'error' ? 'red' : 'yellow';
  const what = `${paint(colour, problem.code)}: ${problem.severity === 'warning' ? 'warning: ' : ''}${sentence(problem.message)}`;
  return `${place.length > 0 ? `${place.join(':')}: ` : ''}${what} ${sentence(hintOf(problem))}`;
}

/** What to do: as the place knows it, else as the code's row says. */
function hintOf({ hint, code }: Problem): string {
  return hint ?? errorCodes[code].hint;
}

function shorten(file: string): string {
  if (!isAbsolute(file)) return file;
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}

function sentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

function isFileError(thrown: unknown): thrown is NodeJS.ErrnoException & { path: string } {
  return (
    thrown instanceof Error && 'syscall' in thrown && 'path' in thrown && typeof thrown.path === 'string'
  );
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
