import { method } from '../builtins/methods.js';
import { PyError, UndefinedError } from '../errors.js';
import { Dict } from './dict.js';
import { item } from './items.js';
import { loopAttribute } from './loop.js';
import { LoopState, Namespace, PyDateTime, Undefined } from './objects.js';
import { isText } from './operators.js';
import { typeName } from './type-name.js';
import type { Value } from './types.js';

/**
 * `value.name`: a method first, then a key, as Jinja2's getattr. Nothing of JavaScript's can be reached: only the methods
 * listed and the caller's own properties exist.
 * @param path the variable as it is written, where the whole is one, for the message.
 */
export function attribute(value: Value, name: string, place: number, path: string | undefined): Value {
  refuseUndefined(value, place);
  const named = own(value, name);
  if (named !== undefined) return named;
  const found = item(value, name);
  return found === undefined ? lacking(value, place, path) : found;
}

/** `value[key]`: a key first, then a method. */
export function subscript(value: Value, key: Value, place: number, path: string | undefined): Value {
  refuseUndefined(value, place);
  refuseUndefined(key, place);
  const found = item(value, key);
  if (found !== undefined) return found;
  if (isText(key)) {
    const named = own(value, typeof key === 'string' ? key : key.text);
    return named === undefined ? lacking(value, place, path) : named;
  }
  // Beyond the end of a text or a list that the template made is Jinja2's empty text; a value that a person lacks is not.
  const quiet = isText(value) || (path === undefined && !(value instanceof Dict));
  return quiet
    ? new Undefined(`what is beyond the end of a ${typeName(value)}`, false, place)
    : lacking(value, place, path);
}

/** A name that is not there is an error where its value is needed. */
function lacking(value: Value, place: number, path: string | undefined): Undefined {
  return new Undefined(path ?? `what is asked of a ${typeName(value)}`, true, place);
}

function refuseUndefined(value: Value, place: number): void {
  if (value instanceof Undefined) throw new UndefinedError(value.what, value.place < 0 ? place : value.place);
}

function own(value: Value, name: string): Value | undefined {
  if (value instanceof LoopState) return loopAttribute(value, name);
  if (value instanceof Namespace) return value.values.get(name);
  if (value instanceof PyDateTime) return dateAttribute(value, name);
  return method(value, name);
}

function dateAttribute(value: PyDateTime, name: string): Value | undefined {
  switch (name) {
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
    case 'minute':
    case 'second':
    case 'microsecond':
      return value[name];
    default:
      return method(value, name);
  }
}

/** Writes `{% set ns.name = value %}`. */
export function setAttribute(target: Value, name: string, value: Value): void {
  if (!(target instanceof Namespace))
    throw new PyError('TypeError', 'only a namespace() can be written into');
  target.values.set(name, value);
}
