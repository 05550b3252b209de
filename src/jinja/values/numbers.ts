import { LimitError, PyError, typeError } from '../errors.js';
import { Float } from './objects.js';
import type { Value } from './types.js';

/** An int of Python's: a number while exact, else a bigint. */
export type Int = number | bigint;

/** 4,300 digits, where Python itself stops turning ints into text. */
const MAX_BITS = 14_000;

/** Back to a number where that is exact. */
export function int(value: bigint): Int {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER))
    return Number(value);
  if (value > 2n ** BigInt(MAX_BITS) || value < -(2n ** BigInt(MAX_BITS)))
    throw new LimitError('a number of more than 4,000 digits');
  return value;
}

/** The int that a value is (True is 1), else undefined. */
export function asInt(value: Value): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

/** A whole number that is wanted as an index, a width or a count. */
export function toIndex(value: Value, what: string): number {
  const found = asInt(value);
  if (found === undefined) throw typeError(`${what} must be a whole number`);
  return Number(found);
}

type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Python's arithmetic on two numbers; undefined where one is none. */
export function arithmetic(operator: Operator, left: Value, right: Value): Value | undefined {
  const a = asInt(left);
  const b = asInt(right);
  if (a !== undefined && b !== undefined) return onInts(operator, a, b);
  const x = a === undefined ? (left instanceof Float ? left.value : undefined) : Number(a);
  const y = b === undefined ? (right instanceof Float ? right.value : undefined) : Number(b);
  if (x === undefined || y === undefined) return undefined;
  return new Float(onFloats(operator, x, y));
}

function onInts(operator: Operator, a: Int, b: Int): Value {
  switch (operator) {
    case '+':
    case '-':
    case '*': {
      if (typeof a === 'number' && typeof b === 'number') {
        const quick = operator === '+' ? a + b : operator === '-' ? a - b : a * b;
        if (Number.isSafeInteger(quick)) return quick + 0; // + 0: an int has no -0
      }
      const [m, n] = [BigInt(a), BigInt(b)];
      return int(operator === '+' ? m + n : operator === '-' ? m - n : m * n);
    }
    case '/':
      if (Number(b) === 0) throw new PyError('ZeroDivisionError', 'division by zero');
      return new Float(trueDivide(a, b));
    case '//':
    case '%': {
      if (Number(b) === 0) throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
      const [m, n] = [BigInt(a), BigInt(b)];
      const rest = m % n;
      const uneven = rest !== 0n && rest < 0n !== n < 0n;
      if (operator === '%') return int(uneven ? rest + n : rest);
      return int(uneven ? m / n - 1n : m / n);
    }
    case '**': {
      if (Number(b) < 0) {
        if (Number(a) === 0)
          throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
        return new Float(Number(a) ** Number(b));
      }
      const bits = Math.log2(Math.max(2, Math.abs(Number(a))));
      if (bits * Number(b) > MAX_BITS && Math.abs(Number(a)) > 1)
        throw new LimitError('a number of more than 4,000 digits');
      return int(BigInt(a) ** BigInt(b));
    }
  }
}

/** The quotient rounded once, as CPython divides ints that a float cannot hold. */
function trueDivide(a: Int, b: Int): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  let [numerator, denominator] = [BigInt(a), BigInt(b)];
  const negative = numerator < 0n !== denominator < 0n;
  if (numerator < 0n) numerator = -numerator;
  if (denominator < 0n) denominator = -denominator;
  // 64 bits of quotient and a sticky last one: Number() then rounds as the exact quotient would be.
  const shift = 64 - (numerator.toString(2).length - denominator.toString(2).length);
  if (shift > 0) numerator <<= BigInt(shift);
  else denominator <<= BigInt(-shift);
  const quotient = numerator / denominator;
  const size = Number(numerator % denominator === 0n ? quotient : quotient | 1n) * 2 ** -shift;
  if (!Number.isFinite(size)) throw new PyError('OverflowError', 'the quotient is too large for a float');
  return negative ? -size : size;
}

function onFloats(operator: Operator, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      if (y === 0) throw new PyError('ZeroDivisionError', 'float division by zero');
      return x / y;
    case '//':
      if (y === 0) throw new PyError('ZeroDivisionError', 'float floor division by zero');
      return floorDivide(x, y);
    case '%':
      if (y === 0) throw new PyError('ZeroDivisionError', 'float modulo');
      return modulo(x, y);
    case '**': {
      if (x === 0 && y < 0)
        throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
      if (x < 0 && !Number.isInteger(y) && Number.isFinite(y) && Number.isFinite(x)) {
        throw valueErrorOfPower();
      }
      if (x === 1 || (x === -1 && !Number.isFinite(y))) return 1; // C's pow, where JavaScript has NaN
      const power = x ** y;
      if (!Number.isFinite(power) && Number.isFinite(x) && Number.isFinite(y)) {
        throw new PyError('OverflowError', 'the power is too large for a float');
      }
      return power;
    }
  }
}

/** Python answers with a complex number, which nobody means in a mail. */
function valueErrorOfPower(): PyError {
  return new PyError('ValueError', 'a negative number has no power that is not whole');
}

/** CPython's float_rem: the sign is the divisor's. */
function modulo(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

/** CPython's float_divmod. */
function floorDivide(x: number, y: number): number {
  let rest = x % y;
  let quotient = (x - rest) / y;
  if (rest !== 0 && rest < 0 !== y < 0) {
    rest += y;
    quotient -= 1;
  }
  if (quotient === 0) return x / y < 0 || Object.is(x / y, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}
