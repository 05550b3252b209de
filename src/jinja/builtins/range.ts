import { LimitError, valueError } from '../errors.js';
import { toIndex } from '../values/numbers.js';
import { Range } from '../values/objects.js';
import type { Given } from './environment.js';

/** Jinja2's sandbox draws the same line. */
const MAX_RANGE = 100_000;

/** Python's range(stop) and range(start, stop, step). */
export function makeRange(args: Given): Range {
  const [first, second, third] = args;
  const number = (value: typeof first, fallback: number): number =>
    value === undefined ? fallback : toIndex(value, 'range: an argument');
  const range =
    second === undefined && third === undefined
      ? new Range(0, number(first, 0), 1)
      : new Range(number(first, 0), number(second, 0), number(third, 1));
  if (range.step === 0) throw valueError('range: the step must not be zero');
  if (range.length > MAX_RANGE) throw new LimitError('a range of more than 100,000 steps');
  return range;
}
