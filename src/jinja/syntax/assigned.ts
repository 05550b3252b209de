import type { Body, Statement, Target } from './tree.js';

/** The names that a target writes. */
export function targetNames(target: Target): readonly string[] {
  return 'name' in target ? [target.name] : target.targets.flatMap(targetNames);
}

/** The names that a body writes in its own scope: those of its branches too, those of its loops and macros not. */
export function assignedNames(body: Body | null): readonly string[] {
  if (body === null) return [];
  return [...new Set(body.children.flatMap(assigned))];
}

function assigned(statement: Statement): readonly string[] {
  switch (statement.typename) {
    case 'Set':
      return 'namespace' in statement.target ? [] : targetNames(statement.target);
    case 'Macro':
      return [statement.name];
    case 'If':
      return [...assignedNames(statement.body), ...assignedNames(statement.else_)];
    default:
      return [];
  }
}
