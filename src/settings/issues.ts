import type { z } from 'zod';
import { didYouMean } from '../lib/closest.js';
import { type ErrorCode, errorCodes } from '../lib/error-codes.js';
import type { Problem } from '../lib/errors.js';
import { keysAt } from './schema-keys.js';
import { isMapping, type SourceDocument, type SourcePath, valueAt } from './source.js';

type Issue = z.core.$ZodIssue;

/** What zod found wrong, in words for an admin, each at its place in the file. */
export function problemsOf(source: SourceDocument, schema: z.ZodType, issues: readonly Issue[]): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(source, schema, issue));
}

function problemsOfIssue(source: SourceDocument, schema: z.ZodType, issue: Issue): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const value = valueAt(source.value, path);
  const name = nameOf(source.pathOf(path));
  const wrong = (message: string, hint?: string, code: ErrorCode = 'ROLLCALL_ERR_VALUE'): Problem[] => [
    problem(source, path, 'value', code, `${name}: ${message}.`, hint),
  ];

  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path, source.value);
    return issue.keys.map((key) =>
      problem(
        source,
        [...path, key],
        'key',
        'ROLLCALL_ERR_UNKNOWN_KEY',
        `Unknown key ${nameOf(source.pathOf([...path, key]))}.`,
        didYouMean(key, known) ?? listed(known),
      ),
    );
  }
  if (value === undefined && issue.code !== 'custom')
    return [problem(source, path, 'key', 'ROLLCALL_ERR_MISSING_KEY', `${name} is missing.`)];
  // A room's own message, given to its schema, knows better than the general ones below.
  if (issue.code === 'custom' || !isDefaultMessage(issue.message)) {
    const params = issue.code === 'custom' ? issue.params : undefined;
    const hint = params?.['hint'];
    return wrong(
      issue.message.replace(/\.$/, ''),
      typeof hint === 'string' ? hint : undefined,
      errorCode(params?.['code']),
    );
  }

  switch (issue.code) {
    case 'invalid_type':
      return wrong(`expected ${kind(issue.expected)}, found ${kindOf(value)}`, bracesHint(value));
    case 'invalid_value':
      return wrong(`must be ${oneOf(issue.values)}`, didYouMeanValue(value, issue.values));
    case 'invalid_union': {
      if ('options' in issue && issue.options)
        return wrong(`must be ${oneOf(issue.options)}`, didYouMeanValue(value, issue.options));
      return problemsOfUnion(source, schema, issue.errors, path);
    }
    case 'invalid_key':
      return [
        problem(
          source,
          path,
          'key',
          'ROLLCALL_ERR_VALUE',
          `${name} is no name that can stand here: ${issue.issues[0]?.message ?? ''}.`,
        ),
      ];
    case 'too_small':
      return wrong(smallest(issue.origin, issue.minimum));
    case 'too_big':
      return wrong(largest(issue.origin, issue.maximum));
    case 'invalid_format':
      return wrong('is not of the form that is wanted here');
    default:
      return wrong(issue.message);
  }
}

/** Of the alternatives of a union, the one that got furthest; where all fail at once, what any of them would take. */
function problemsOfUnion(
  source: SourceDocument,
  schema: z.ZodType,
  alternatives: readonly (readonly Issue[])[],
  path: SourcePath,
): Problem[] {
  const depth = (issues: readonly Issue[]) => Math.min(...issues.map((issue) => issue.path.length));
  const furthest = alternatives.reduce<readonly Issue[]>(
    (best, issues) => (depth(issues) > (best.length === 0 ? 0 : depth(best)) ? issues : best),
    [],
  );
  if (furthest.length > 0)
    return furthest.flatMap((issue) =>
      problemsOfIssue(source, schema, { ...issue, path: [...path, ...issue.path] }),
    );
  const own = alternatives.flat().find((issue) => issue.code !== 'invalid_type');
  if (own) return problemsOfIssue(source, schema, { ...own, path: [...path, ...own.path] });
  const kinds = alternatives
    .flat()
    .flatMap((issue) => (issue.code === 'invalid_type' ? [kind(issue.expected)] : []));
  const value = valueAt(source.value, path);
  const message = `${nameOf(source.pathOf(path))}: expected ${kinds.join(' or ')}, found ${kindOf(value)}.`;
  return [problem(source, path, 'value', 'ROLLCALL_ERR_VALUE', message, bracesHint(value))];
}

function problem(
  source: SourceDocument,
  path: SourcePath,
  what: 'key' | 'value',
  code: ErrorCode,
  message: string,
  hint?: string,
): Problem {
  const place = source.locate(path, what);
  return { severity: 'error', code, message, ...(hint !== undefined && { hint }), ...place };
}

/** "smtp.domains[0].rate": a key as people write it. */
export function nameOf(path: SourcePath): string {
  const text = path.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${step}]` : name === '' ? step : `${name}.${step}`),
    '',
  );
  return text === '' ? 'The file' : text;
}

function errorCode(code: unknown): ErrorCode | undefined {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code)
    ? (code as ErrorCode) // the line above looked it up in the table of codes
    : undefined;
}

function isDefaultMessage(message: string): boolean {
  return /^(?:Invalid|Too small|Too big|Unrecognized)\b/.test(message);
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
  null: 'null',
};

function kind(expected: string): string {
  return KINDS[expected] ?? expected;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? typeof value;
}

/** `alias: {{ uid }}` without quotes is a YAML mapping; nobody means that. */
function bracesHint(value: unknown): string | undefined {
  const braces =
    isMapping(value) && Object.keys(value).length === 1 && Object.keys(value)[0]?.startsWith('{ ') === true;
  return braces ? 'A value that begins with {{ must be in quotes.' : undefined;
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

function didYouMeanValue(value: unknown, values: readonly unknown[]): string | undefined {
  return typeof value === 'string' ? didYouMean(value, values.map(String)) : undefined;
}

function listed(keys: readonly string[]): string | undefined {
  return keys.length === 0 || keys.length > 12 ? undefined : `Known here: ${keys.join(', ')}.`;
}

function smallest(origin: string, minimum: number | bigint): string {
  if (origin === 'string') return minimum <= 1 ? 'must not be empty' : `needs at least ${minimum} characters`;
  if (origin === 'array')
    return minimum <= 1 ? 'needs at least one entry' : `needs at least ${minimum} entries`;
  return `must be ${minimum} or more`;
}

function largest(origin: string, maximum: number | bigint): string {
  if (origin === 'string') return `takes at most ${maximum} characters`;
  if (origin === 'array') return `takes at most ${maximum} entries`;
  return `must be ${maximum} or less`;
}
