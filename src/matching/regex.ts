import vm from 'node:vm';
import { RollcallError } from '../lib/errors.js';

/** How long one expression may work on one value. */
const BUDGET_MS = 250;
/** After so many values on which an expression ran out of time, it is the expression that is at fault. */
const PATIENCE = 5;
/** Steps that cost less than a few milliseconds. */
const CHEAP_STEPS = 2_000_000;

export interface SafeRegex {
  /** The names of its groups. */
  readonly groups: readonly string[];
  /**
   * @returns the named groups that took part, or undefined when it does not match.
   * @throws ROLLCALL_ERR_PATTERN_TIME when it backtracks for longer than a quarter of a second.
   */
  match(value: string): Readonly<Record<string, string>> | undefined;
}

/**
 * A regular expression that cannot hang Rollcall: values come from a directory, where some of them are their owner's to
 * choose. What can be shown to be cheap runs as it is; everything else runs under a watchdog, which costs a tenth of a
 * millisecond.
 *
 * @throws SyntaxError when it is not a regular expression, or has the flags g or y, which remember the last match.
 */
export function createSafeRegex(source: string, flags: string): SafeRegex {
  if (/[gy]/.test(flags)) throw new SyntaxError('the flags g and y have no meaning here');
  const regex = new RegExp(source, flags);
  const degree = backtrackingDegree(source);
  const groups = [...new Set([...source.matchAll(/\(\?<([^=!>][^>]*)>/g)].map((found) => found[1] ?? ''))];
  let watched: ((value: string) => RegExpExecArray | null) | undefined;
  let timeouts = 0;

  return {
    groups,
    match(value) {
      if (value.length ** degree <= CHEAP_STEPS) return groupsOf(regex.exec(value));
      watched ??= underWatch(regex);
      try {
        return groupsOf(watched(value));
      } catch (error) {
        if (!isTimeout(error)) throw error;
        timeouts += 1;
        const forAll = timeouts >= PATIENCE;
        throw new RollcallError(
          'ROLLCALL_ERR_PATTERN_TIME',
          `/${source}/${flags} took more than ${BUDGET_MS} ms on a value of ${value.length} characters${forAll ? `, and on ${timeouts - 1} before it` : ''}.`,
          { facts: { givenUp: forAll } },
        );
      }
    },
  };
}

/**
 * The power of the value's length that bounds the work, by the number of repetitions that can compete for the same
 * characters; infinite where a group is repeated, since a repetition inside a repetition can be exponential.
 */
export function backtrackingDegree(source: string): number {
  const bare = source.replace(/\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.)/gsu, '_').replace(/\[[^\]]*\]/g, '_');
  if (/\)(?:[*+]|\{(?!0?,?1\}))/.test(bare)) return Number.POSITIVE_INFINITY;
  const repetitions = bare.match(/[^(](?:[*+]|\{\d+(?:,\d*)?\})/g)?.length ?? 0;
  // Without ^ the engine starts anew at every character.
  return repetitions + (bare.startsWith('^') && !bare.includes('|') ? 0 : 1);
}

function groupsOf(found: RegExpExecArray | null): Readonly<Record<string, string>> | undefined {
  if (found === null) return undefined;
  const groups: Record<string, string> = {};
  for (const [name, value] of Object.entries(found.groups ?? {}))
    if (value !== undefined) groups[name] = value;
  return groups;
}

/** V8 looks for the watchdog's interruption while it backtracks, so that `timeout` ends an expression in mid-match. */
function underWatch(regex: RegExp): (value: string) => RegExpExecArray | null {
  const context = vm.createContext({ regex, value: '' });
  const script = new vm.Script('regex.exec(value)');
  return (value) => {
    context['value'] = value;
    return script.runInContext(context, { timeout: BUDGET_MS });
  };
}

/** Told by its code alone: the error comes from another realm, where Error is another class. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
