import { type Problem, RollcallError } from '../lib/errors.js';

/** Problems in the order of their places, none of them twice. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const byText = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column, code, message } = problem;
    const text = JSON.stringify([file, line, column, code, message]);
    if (!byText.has(text)) byText.set(text, problem);
  }
  return [...byText.values()].sort(
    (a, b) =>
      compare(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All problems as one error. */
export function invalid(problems: readonly Problem[]): RollcallError {
  const ordered = inOrder(problems);
  const errors = ordered.filter(({ severity }) => severity === 'error').length;
  const files = new Set(ordered.map(({ file }) => file)).size;
  const where = files > 1 ? ` in ${files} files` : '';
  return new RollcallError(
    'ROLLCALL_ERR_INVALID',
    `${errors === 1 ? 'There is one problem' : `There are ${errors} problems`}${where}.`,
    { problems: ordered },
  );
}

/** @throws ROLLCALL_ERR_INVALID with all of them where one is an error. */
export function refuseErrors(problems: readonly Problem[]): void {
  if (problems.some(({ severity }) => severity === 'error')) throw invalid(problems);
}
