import { escapeHtml } from '../../lib/escape-html.js';
import { LimitError, typeError, UndefinedError } from '../errors.js';
import { Dict, DictView } from './dict.js';
import { SafeMarkup } from './markup.js';
import { arithmetic, asInt, int, toIndex } from './numbers.js';
import { Float, Iter, LoopState, Namespace, Range, Tuple, Undefined } from './objects.js';
import { percentFormat } from './percent-format.js';
import { length } from './sequences.js';
import { str } from './text.js';
import { typeName } from './type-name.js';
import type { Value } from './types.js';

/** A text or list that no mail needs. */
const MAX_LENGTH = 1_000_000;

/** Throws for an undefined that has no value to work with. */
export function defined(value: Value): Value {
  if (value instanceof Undefined) throw new UndefinedError(value.what, value.place);
  return value;
}

/** Python's bool(value). An undefined is false, strict or not. */
export function truth(value: Value): boolean {
  if (typeof value !== 'object') return Boolean(value);
  if (value === null || value instanceof Undefined) return false;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof SafeMarkup) return value.text !== '';
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Tuple || value instanceof DictView) return value.items.length > 0;
  if (value instanceof Dict) return value.size > 0;
  if (value instanceof Range) return value.length > 0;
  return true;
}

export function isText(value: Value): value is string | SafeMarkup {
  return typeof value === 'string' || value instanceof SafeMarkup;
}

const refuse = (operator: string, left: Value, right: Value) =>
  typeError(`unsupported operand types for ${operator}: ${typeName(left)} and ${typeName(right)}`);

function bounded(size: number): void {
  if (size > MAX_LENGTH) throw new LimitError('a text or list of more than 1,000,000 items');
}

export function add(left: Value, right: Value): Value {
  if (typeof left === 'string' && typeof right === 'string') {
    bounded(left.length + right.length);
    return left + right;
  }
  defined(left);
  defined(right);
  if (isText(left) && isText(right)) return new SafeMarkup(html(left) + html(right));
  const sum = arithmetic('+', left, right);
  if (sum !== undefined) return sum;
  if (Array.isArray(left) && Array.isArray(right)) {
    bounded(left.length + right.length);
    return [...left, ...right];
  }
  if (left instanceof Tuple && right instanceof Tuple) return new Tuple([...left.items, ...right.items]);
  if (isText(left))
    throw typeError(`text can only be added to text, not to ${typeName(right)}: write ~ to join them`);
  if (isText(right)) throw typeError(`${typeName(left)} and text cannot be added: write ~ to join them`);
  throw refuse('+', left, right);
}

const html = (value: string | SafeMarkup): string =>
  typeof value === 'string' ? escapeHtml(value) : value.text;

function numeric(operator: '-' | '/' | '//' | '**', left: Value, right: Value): Value {
  const result = arithmetic(operator, defined(left), defined(right));
  if (result === undefined) throw refuse(operator, left, right);
  return result;
}

export const subtract = (left: Value, right: Value): Value => numeric('-', left, right);
export const divide = (left: Value, right: Value): Value => numeric('/', left, right);
export const floorDivide = (left: Value, right: Value): Value => numeric('//', left, right);
export const power = (left: Value, right: Value): Value => numeric('**', left, right);

export function multiply(left: Value, right: Value): Value {
  const product = arithmetic('*', defined(left), defined(right));
  if (product !== undefined) return product;
  const [sequence, count] = asInt(left) === undefined ? [left, asInt(right)] : [right, asInt(left)];
  if (count === undefined) throw refuse('*', left, right);
  const repeats = isText(sequence) || Array.isArray(sequence) || sequence instanceof Tuple;
  if (!repeats) throw refuse('*', left, right);
  const size = length(sequence);
  const times = size === 0 ? 0 : Math.max(0, Number(count));
  bounded(size * times);
  if (typeof sequence === 'string') return sequence.repeat(times);
  if (sequence instanceof SafeMarkup) return new SafeMarkup(sequence.text.repeat(times));
  if (Array.isArray(sequence)) return Array.from({ length: times }, () => sequence).flat(1);
  if (sequence instanceof Tuple)
    return new Tuple(Array.from({ length: times }, () => sequence.items).flat(1));
  throw refuse('*', left, right);
}

/** The remainder, or Python's % on text. */
export function modulo(left: Value, right: Value): Value {
  defined(left);
  defined(right);
  if (isText(left)) return percentFormat(left, right);
  const rest = arithmetic('%', left, right);
  if (rest === undefined) throw refuse('%', left, right);
  return rest;
}

export function negative(value: Value): Value {
  const whole = asInt(defined(value));
  if (whole !== undefined) return int(-BigInt(whole));
  if (value instanceof Float) return new Float(-value.value);
  throw typeError(`there is no negative of ${typeName(value)}`);
}

export function positive(value: Value): Value {
  const whole = asInt(defined(value));
  if (whole !== undefined) return whole;
  if (value instanceof Float) return value;
  throw typeError(`there is no positive of ${typeName(value)}`);
}

/** The `~` operator: each as text; markup where one of them is and escaping is on. */
export function concat(values: readonly Value[], autoescape: boolean): Value {
  if (autoescape && values.some((value) => value instanceof SafeMarkup)) {
    return new SafeMarkup(values.map((value) => escapeValue(value)).join(''));
  }
  const text = values.map(str).join('');
  bounded(text.length);
  return text;
}

/** markupsafe's escapeValue(value), as text. */
export function escapeValue(value: Value): string {
  return value instanceof SafeMarkup ? value.text : escapeHtml(str(value));
}

/** Python's `is`, which `sameas` asks for: small values are the same where they are equal and of one type. */
export function same(left: Value, right: Value): boolean {
  return left === right;
}

/** A whole number for a slice or an index; None where nothing is written. */
export function bound(value: Value | undefined): number | undefined {
  return value === undefined || value === null ? undefined : toIndex(defined(value), 'a slice');
}

/** True for what is gone through by position or in order. */
export function isIterable(value: Value): boolean {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Float || value instanceof Namespace) return false;
  if (value instanceof Undefined) return !value.strict;
  return (
    Array.isArray(value) ||
    value instanceof SafeMarkup ||
    value instanceof Tuple ||
    value instanceof Dict ||
    value instanceof DictView ||
    value instanceof Range ||
    value instanceof Iter ||
    value instanceof LoopState
  );
}
