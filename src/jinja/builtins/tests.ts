import { compare, contains, equal } from '../values/compare.js';
import { Dict } from '../values/dict.js';
import { SafeMarkup } from '../values/markup.js';
import { asInt } from '../values/numbers.js';
import { Callable, Float, Range, Tuple, Undefined } from '../values/objects.js';
import { isIterable, isText, modulo, same } from '../values/operators.js';
import { str } from '../values/text.js';
import type { Value } from '../values/types.js';
import type { Builtin } from './environment.js';
import { method } from './methods.js';

const ask = (test: (value: Value) => boolean, more: Partial<Builtin> = {}): Builtin => ({
  parameters: ['value'],
  undefined: 'quiet',
  run: (_environment, [value = null]) => test(value),
  ...more,
});

const pair = (test: (value: Value, other: Value) => boolean): Builtin => ({
  parameters: ['value', 'other'],
  undefined: 'quiet',
  run: (_environment, [value = null, other = null]) => test(value, other),
});

const comparing = (operator: string): Builtin => pair((value, other) => compare(operator, value, other));

const isNumber = (value: Value): boolean => asInt(value) !== undefined || value instanceof Float;

function textIs(name: 'islower' | 'isupper'): Builtin {
  return ask((value) => method(str(value), name)?.call([], new Map()) === true);
}

/** Has a length and positions or keys, as Jinja2 asks. */
function isSequence(value: Value): boolean {
  if (isText(value) || Array.isArray(value)) return true;
  return (
    value instanceof Tuple || value instanceof Dict || value instanceof Range || value instanceof Undefined
  );
}

/** Jinja2's tests, for after `is`. */
export const tests: Readonly<Record<string, Builtin>> = {
  defined: ask((value) => !(value instanceof Undefined), { undefined: 'any' }),
  undefined: ask((value) => value instanceof Undefined, { undefined: 'any' }),
  none: ask((value) => value === null),
  boolean: ask((value) => typeof value === 'boolean'),
  true: ask((value) => value === true),
  false: ask((value) => value === false),
  integer: ask((value) => typeof value === 'number' || typeof value === 'bigint'),
  float: ask((value) => value instanceof Float),
  number: ask(isNumber),
  string: ask(isText),
  mapping: ask((value) => value instanceof Dict),
  sequence: ask(isSequence),
  iterable: ask(isIterable),
  callable: ask((value) => value instanceof Callable),
  escaped: ask((value) => value instanceof SafeMarkup),
  lower: textIs('islower'),
  upper: textIs('isupper'),
  even: ask((value) => equal(modulo(value, 2), 0)),
  odd: ask((value) => equal(modulo(value, 2), 1)),
  divisibleby: { ...pair((value, other) => equal(modulo(value, other), 0)), parameters: ['value', 'num'] },
  sameas: pair(same),
  in: { ...pair((value, sequence) => contains(sequence, value)), parameters: ['value', 'seq'] },
  eq: comparing('=='),
  equalto: comparing('=='),
  ne: comparing('!='),
  lt: comparing('<'),
  lessthan: comparing('<'),
  le: comparing('<='),
  gt: comparing('>'),
  greaterthan: comparing('>'),
  ge: comparing('>='),
};
