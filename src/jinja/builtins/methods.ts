import { escapeHtml } from '../../lib/escape-html.js';
import { typeError, valueError } from '../errors.js';
import { equal } from '../values/compare.js';
import { isoFormat, strftime, weekday } from '../values/datetime.js';
import { Dict, DictView } from '../values/dict.js';
import { SafeMarkup } from '../values/markup.js';
import { Callable, PyDateTime, Tuple } from '../values/objects.js';
import { escapeValue, isText } from '../values/operators.js';
import { iterate } from '../values/sequences.js';
import { str } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import type { Kwargs, Value } from '../values/types.js';
import { bind, type Parameters } from './bind.js';
import { type Args, textMethods } from './text-methods.js';

type Method<T> = readonly [parameters: Parameters, run: (self: T, args: Args) => Value];

const dictMethods: Readonly<Record<string, Method<Dict>>> = {
  keys: [[], (self) => new DictView('keys', self)],
  values: [[], (self) => new DictView('values', self)],
  items: [[], (self) => new DictView('items', self)],
  get: [
    ['key', 'default?'],
    (self, args) => {
      const found = self.get(args.value(0));
      return found === undefined ? args.value(1) : found;
    },
  ],
  copy: [[], (self) => new Dict(self.entries())],
};

const listMethods: Readonly<Record<string, Method<readonly Value[]>>> = {
  count: [['value'], (self, args) => self.filter((item) => equal(item, args.value(0))).length],
  index: [
    ['value'],
    (self, args) => {
      const found = self.findIndex((item) => equal(item, args.value(0)));
      if (found < 0) throw valueError('index: it is not in the list');
      return found;
    },
  ],
};

const growingMethods: Readonly<Record<string, Method<Value[]>>> = {
  append: [
    ['value'],
    (self, args) => {
      self.push(args.value(0));
      return null;
    },
  ],
  extend: [
    ['values'],
    (self, args) => {
      self.push(...iterate(args.value(0)));
      return null;
    },
  ],
};

const dateMethods: Readonly<Record<string, Method<PyDateTime>>> = {
  strftime: [['format'], (self, args) => strftime(self, args.text(0))],
  isoformat: [['sep?'], (self, args) => isoFormat(self, args.text(0, 'T'))],
  weekday: [[], (self) => weekday(self)],
  isoweekday: [[], (self) => weekday(self) + 1],
};

/** The method of that name, bound to its value. */
export function method(value: Value, name: string): Callable | undefined {
  if (isText(value)) return textMethod(value, name);
  if (value instanceof Dict) return bound(dictMethods, value, name);
  if (Array.isArray(value)) return bound(listMethods, value, name) ?? bound(growingMethods, value, name);
  if (value instanceof Tuple) return bound(listMethods, value.items, name);
  if (value instanceof PyDateTime) return bound(dateMethods, value, name);
  return undefined;
}

function bound<T>(methods: Readonly<Record<string, Method<T>>>, self: T, name: string): Callable | undefined {
  const found = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (found === undefined) return undefined;
  const [parameters, run] = found;
  return new Callable(name, (args, kwargs) => run(self, argsOf(name, bind(name, parameters, args, kwargs))));
}

function textMethod(value: string | SafeMarkup, name: string): Callable | undefined {
  const found = Object.hasOwn(textMethods, name) ? textMethods[name] : undefined;
  if (found === undefined) return undefined;
  const safe = value instanceof SafeMarkup;
  const self = safe ? value.text : value;
  return new Callable(name, (args, kwargs: Kwargs) => {
    if (found.variadic !== undefined) {
      const text = found.variadic(self, args, kwargs, safe ? escapeValue : undefined);
      return safe ? new SafeMarkup(text) : text;
    }
    const bindings = bind(name, found.parameters, args, kwargs);
    // Markup's methods escapeValue the text they are given, and give markup.
    const taken = safe
      ? bindings.map((arg) => (typeof arg === 'string' && found.escapes ? escapeHtml(arg) : arg))
      : bindings;
    const result = found.run(self, argsOf(name, taken), safe);
    return safe && found.safe !== false ? asMarkup(result) : result;
  });
}

function asMarkup(value: Value): Value {
  if (typeof value === 'string') return new SafeMarkup(value);
  if (Array.isArray(value)) return value.map(asMarkup);
  return value instanceof Tuple ? new Tuple(value.items.map(asMarkup)) : value;
}

function argsOf(name: string, values: readonly (Value | undefined)[]): Args {
  const value = (index: number): Value => values[index] ?? null;
  return {
    value,
    maybe: (index) => values[index],
    text(index, fallback) {
      const found = values[index];
      if ((found === undefined || found === null) && fallback !== undefined) return fallback;
      if (found === undefined || !isText(found))
        throw typeError(`${name} wants text, not ${typeName(value(index))}`);
      return str(found);
    },
    int(index, fallback) {
      const found = values[index];
      if (found === undefined) return fallback;
      if (typeof found !== 'number' && typeof found !== 'boolean') {
        throw typeError(`${name} wants a whole number, not ${typeName(found)}`);
      }
      return Number(found);
    },
  };
}
