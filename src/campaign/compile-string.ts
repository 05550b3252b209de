import type { Jinja, JinjaTemplate, SymbolUse } from '../jinja/types.js';
import type { Problem } from '../lib/errors.js';
import { nameOf } from '../settings/issues.js';
import { type Position, type SourceDocument, type SourcePath, valueAt } from '../settings/source.js';
import { type Scope, symbolProblem } from './scope.js';

/** A template string of a campaign file. */
export interface CompiledString {
  readonly template?: JinjaTemplate;
  readonly symbols: readonly SymbolUse[];
  readonly problems: readonly Problem[];
}

/** Compiles the template at `path` and checks its variables; all problems stand at their places in the file. */
export function compileString(
  jinja: Jinja,
  source: SourceDocument,
  path: SourcePath,
  scope: Scope,
): CompiledString {
  const text = valueAt(source.value, path);
  if (typeof text !== 'string') return { symbols: [], problems: [] };
  const start = source.locateWithin(path, 1, 1);
  const { template, problems: faults } = jinja.compile(text, { ...start, autoescape: false });
  // The compiler counts on from the first character; within block and quoted scalars the file counts otherwise.
  const place = (line: number | undefined, column: number | undefined): Position => {
    if (line === undefined || column === undefined) return start;
    const row = line - start.line + 1;
    return source.locateWithin(path, row, row === 1 ? column - start.column + 1 : column);
  };

  const problems: Problem[] = faults.map((fault) => ({ ...fault, ...place(fault.line, fault.column) }));
  for (const use of template?.symbols ?? []) {
    const problem = symbolProblem(use, scope, place(use.line, use.column));
    if (problem) problems.push(problem);
  }
  for (const use of template?.impure ?? [])
    problems.push({
      severity: 'error',
      code: 'ROLLCALL_ERR_IMPURE',
      message: `${nameOf(source.pathOf(path))} uses ${use.name}, which gives another result each time, so that everybody would be written to again.`,
      ...place(use.line, use.column),
    });
  return { ...(template && { template }), symbols: template?.symbols ?? [], problems };
}
