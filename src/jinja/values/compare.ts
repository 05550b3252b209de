import { typeError } from '../errors.js';
import { Dict, DictView, hashKey } from './dict.js';
import type { SafeMarkup } from './markup.js';
import { asInt } from './numbers.js';
import { Float, Range, Tuple, Undefined } from './objects.js';
import { defined, isText } from './operators.js';
import { iterate } from './sequences.js';
import { str } from './text.js';
import { typeName } from './type-name.js';
import type { Value } from './types.js';

const plain = (value: string | SafeMarkup): string => (typeof value === 'string' ? value : value.text);
const real = (value: Value): number | bigint | undefined =>
  value instanceof Float ? value.value : asInt(value);

/** Python's left == right. */
export function equal(left: Value, right: Value): boolean {
  if (left instanceof Undefined || right instanceof Undefined) {
    if (left instanceof Undefined && left.strict) defined(left);
    if (right instanceof Undefined && right.strict) defined(right);
    return left instanceof Undefined && right instanceof Undefined;
  }
  if (isText(left) && isText(right)) return plain(left) === plain(right);
  const [x, y] = [real(left), real(right)];
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint are compared by value
  if (x !== undefined && y !== undefined) return x == y;
  if (Array.isArray(left) && Array.isArray(right)) return allEqual(left, right);
  if (left instanceof Tuple && right instanceof Tuple) return allEqual(left.items, right.items);
  if (left instanceof Range && right instanceof Range) return allEqual(iterate(left), iterate(right));
  if (left instanceof Dict && right instanceof Dict) {
    return (
      left.size === right.size &&
      left.entries().every(([key, value]) => {
        const other = right.get(key);
        return other !== undefined && equal(value, other);
      })
    );
  }
  return left === right;
}

function allEqual(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((item, index) => equal(item, right[index] ?? null));
}

/** Below zero, zero or above, as Python orders; NaN where one is not a number. */
export function order(left: Value, right: Value, operator: string): number {
  defined(left);
  defined(right);
  if (isText(left) && isText(right)) return orderText(plain(left), plain(right));
  const [x, y] = [real(left), real(right)];
  if (x !== undefined && y !== undefined) return orderNumbers(x, y);
  const items = Array.isArray(left) && Array.isArray(right) ? ([left, right] as const) : undefined;
  const tuples =
    left instanceof Tuple && right instanceof Tuple ? ([left.items, right.items] as const) : items;
  if (tuples === undefined)
    throw typeError(`${operator} does not go between ${typeName(left)} and ${typeName(right)}`);
  const [a, b] = tuples;
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [p, q] = [a[index] ?? null, b[index] ?? null];
    if (!equal(p, q)) return order(p, q, operator);
  }
  return a.length - b.length;
}

function orderNumbers(x: number | bigint, y: number | bigint): number {
  if (x < y) return -1;
  if (x > y) return 1;
  return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0;
}

/** By code point: UTF-16 would put U+FF5E after an emoji. */
export function orderText(left: string, right: string): number {
  if (left === right) return 0;
  const size = Math.min(left.length, right.length);
  for (let index = 0; index < size; index++) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (a !== b) {
      const [p, q] = [a >= 0xd800 && a <= 0xdfff, b >= 0xd800 && b <= 0xdfff];
      return p === q ? a - b : p ? 1 : -1;
    }
  }
  return left.length - right.length;
}

/** One step of a comparison: `<`, `==`, `in`, … */
export function compare(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
      return order(left, right, operator) < 0;
    case '<=':
      return order(left, right, operator) <= 0;
    case '>':
      return order(left, right, operator) > 0;
    case '>=':
      return order(left, right, operator) >= 0;
    case 'in':
      return contains(right, left);
    default:
      return !contains(right, left);
  }
}

/** Python's item in container. */
export function contains(container: Value, item: Value): boolean {
  defined(item);
  if (container instanceof Undefined && !container.strict) return false;
  defined(container);
  if (isText(container)) {
    if (!isText(item)) throw typeError(`only text can be in text, not ${typeName(item)}`);
    return plain(container).includes(plain(item));
  }
  if (container instanceof Dict) {
    hashKey(item);
    return container.get(item) !== undefined;
  }
  if (container instanceof Range && typeof item === 'number') {
    const steps = (item - container.start) / container.step;
    return Number.isInteger(steps) && steps >= 0 && steps < container.length;
  }
  if (
    Array.isArray(container) ||
    container instanceof Tuple ||
    container instanceof DictView ||
    container instanceof Range
  ) {
    return iterate(container).some((member) => equal(member, item));
  }
  return iterate(container).some((member) => equal(member, item));
}

/** What `sort`, `unique`, `min` and the like take text for where case does not matter. */
export function ignoreCase(value: Value): Value {
  return isText(value) ? str(value).toLowerCase() : value;
}
