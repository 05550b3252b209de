import { PyError, typeError, valueError } from '../errors.js';
import { ignoreCase } from '../values/compare.js';
import { roundFloat } from '../values/decimal.js';
import { Dict, hashKey } from '../values/dict.js';
import { SafeMarkup } from '../values/markup.js';
import { asInt, int, toIndex } from '../values/numbers.js';
import { Float, Iter, Tuple, Undefined } from '../values/objects.js';
import { add, divide, escapeValue, isText, modulo, multiply, power, truth } from '../values/operators.js';
import { chars, iterate, length, slice } from '../values/sequences.js';
import { str } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/types.js';
import { capitalize, strip } from './characters.js';
import type { Builtin, Given } from './environment.js';
import { toJson } from './json.js';
import { toFloat, toInteger } from './numeric.js';
import { attributeGetter, sorted, sortKey } from './paths.js';
import { makeRange } from './range.js';
import { replace } from './strings.js';
import { stripTags } from './strip-tags.js';
import { quote } from './urls.js';

const given = (args: Given, index: number): Value => args[index] ?? null;
/** `value ?? fallback` would take None for what is not there. */
const orElse = (value: Value | undefined, fallback: Value): Value => (value === undefined ? fallback : value);
const flag = (args: Given, index: number): boolean => truth(given(args, index));
const textOr = (args: Given, index: number, fallback: string): string => {
  const value = args[index];
  return value === undefined ? fallback : str(value);
};
const numberOr = (args: Given, index: number, fallback: number, what: string): number => {
  const value = args[index];
  return value === undefined ? fallback : toIndex(value, what);
};

/** Jinja2's soft_str: text stays what it is, markup too; anything else becomes text. */
function soft(value: Value): string | SafeMarkup {
  return isText(value) ? value : str(value);
}

/** Works on the text, and gives markup where it was given markup. */
function onText(run: (text: string) => string): Builtin['run'] {
  return (_environment, args) => {
    const value = soft(given(args, 0));
    return value instanceof SafeMarkup ? new SafeMarkup(run(value.text)) : run(value);
  };
}

const nothing = (what: string): Undefined => new Undefined(what, false);

function round(args: Given): Value {
  const value = given(args, 0);
  const precision = numberOr(args, 1, 0, 'round: the precision');
  const method = textOr(args, 2, 'common');
  if (method === 'ceil' || method === 'floor') {
    const scale = power(10, precision);
    const scaled = multiply(value, scale);
    const whole = asInt(scaled);
    if (whole !== undefined) return divide(whole, scale);
    const size = scaled instanceof Float ? scaled.value : Number.NaN;
    if (!Number.isFinite(size)) throw new PyError('OverflowError', 'round: it is no finite number');
    return divide(int(BigInt(method === 'ceil' ? Math.ceil(size) : Math.floor(size))), scale);
  }
  if (method !== 'common') throw valueError('round: the method must be common, ceil or floor');
  if (value instanceof Float) return new Float(roundFloat(value.value, precision));
  const whole = asInt(value);
  if (whole === undefined) throw typeError(`round wants a number, not ${typeName(value)}`);
  return precision >= 0 ? whole : roundInteger(BigInt(whole), 10n ** BigInt(Math.min(-precision, 4000)));
}

/** Python's round of an int to tens, hundreds, …: ties to even. */
function roundInteger(value: bigint, unit: bigint): Value {
  const rest = ((value % unit) + unit) % unit;
  const down = value - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n !== 0n);
  return int(up ? down + unit : down);
}

function truncate(args: Given): Value {
  const value = given(args, 0);
  const size = numberOr(args, 1, 255, 'truncate: the length');
  const end: Value = args[3] ?? '...';
  const leeway = args[4] === undefined || args[4] === null ? 5 : toIndex(args[4], 'truncate: the leeway');
  const tail = length(end);
  if (size < tail) throw new PyError('AssertionError', `truncate: the length must be at least ${tail}`);
  if (leeway < 0) throw new PyError('AssertionError', 'truncate: the leeway must not be negative');
  if (length(value) <= size + leeway) return value;
  const cut = slice(value, undefined, size - tail, undefined);
  if (flag(args, 2)) return add(cut, end);
  if (!isText(cut)) throw typeError(`truncate wants text, not ${typeName(value)}`);
  const text = str(cut);
  const space = text.lastIndexOf(' ');
  const kept = space < 0 ? text : text.slice(0, space);
  return add(cut instanceof SafeMarkup ? new SafeMarkup(kept) : kept, end);
}

const join: Builtin = {
  parameters: ['value', 'd?', 'attribute?'],
  undefined: 'quiet',
  run: ({ autoescape }, args) => {
    const items = iterate(given(args, 0)).map(attributeGetter(args[2]));
    const separator: Value = args[1] ?? '';
    if (!autoescape) return items.map(str).join(str(separator));
    if (!(separator instanceof SafeMarkup) && items.some((item) => item instanceof SafeMarkup)) {
      return new SafeMarkup(items.map(escapeValue).join(escapeValue(separator)));
    }
    return separator instanceof SafeMarkup
      ? new SafeMarkup(items.map((item) => escapeValue(soft(item))).join(separator.text))
      : items.map(str).join(str(separator));
  },
};

/** The 18 filters of Jinja2 that Pexip allows, and `range`, which is a function in Jinja2. */
const allowed: Readonly<Record<string, Builtin>> = {
  abs: {
    parameters: ['x'],
    run: (_environment, args) => {
      const value = given(args, 0);
      if (value instanceof Float) return new Float(Math.abs(value.value));
      const whole = asInt(value);
      if (whole === undefined) throw typeError(`abs wants a number, not ${typeName(value)}`);
      return whole < 0 ? int(-BigInt(whole)) : whole;
    },
  },
  capitalize: { parameters: ['s'], undefined: 'quiet', run: onText(capitalize) },
  default: {
    parameters: ['value', 'default_value?', 'boolean?'],
    undefined: 'any',
    run: (_environment, args) => {
      const value = given(args, 0);
      const missing = value instanceof Undefined || (flag(args, 2) && !truth(value));
      return missing ? orElse(args[1], '') : value;
    },
  },
  first: {
    parameters: ['seq'],
    undefined: 'quiet',
    run: (_environment, args) => {
      const value = given(args, 0);
      const first = value instanceof Iter ? value.next()?.value : firstOf(value);
      return orElse(first, nothing('the first of an empty list'));
    },
  },
  float: {
    parameters: ['value', 'default?'],
    run: (_environment, args) => {
      const value = toFloat(given(args, 0));
      return value === undefined ? orElse(args[1], new Float(0)) : new Float(value);
    },
  },
  format: {
    parameters: ['value'],
    variadic: true,
    run: (_environment, args) => {
      const [positional, keywords] = [given(args, 1), given(args, 2)];
      if (truth(positional) && truth(keywords))
        throw typeError('format takes values by position or by name, not both');
      return modulo(soft(given(args, 0)), truth(keywords) ? keywords : positional);
    },
  },
  int: {
    parameters: ['value', 'default?', 'base?'],
    run: (_environment, args) =>
      orElse(toInteger(given(args, 0), numberOr(args, 2, 10, 'int: the base')), orElse(args[1], 0)),
  },
  join,
  last: {
    parameters: ['seq'],
    undefined: 'quiet',
    run: (_environment, args) => {
      const value = given(args, 0);
      if (value instanceof Iter) throw typeError('an iterator has no last item: put |list before |last');
      return orElse(last(value), nothing('the last of an empty list'));
    },
  },
  length: { parameters: ['obj'], undefined: 'quiet', run: (_environment, args) => length(given(args, 0)) },
  lower: { parameters: ['s'], undefined: 'quiet', run: onText((text) => text.toLowerCase()) },
  range: { parameters: ['start', 'stop?', 'step?'], run: (_environment, args) => makeRange(args) },
  replace: {
    parameters: ['s', 'old', 'new', 'count?'],
    undefined: 'quiet',
    run: ({ autoescape }, args) => {
      const count = args[3] === undefined || args[3] === null ? -1 : toIndex(args[3], 'replace: the count');
      const [value, old, by] = [given(args, 0), given(args, 1), given(args, 2)];
      if (!autoescape) return replace(str(value), str(old), str(by), count);
      const mark = value instanceof SafeMarkup || old instanceof SafeMarkup || by instanceof SafeMarkup;
      if (!mark) return replace(str(value), str(old), str(by), count);
      return new SafeMarkup(replace(escapeValue(value), str(old), escapeValue(by), count));
    },
  },
  reverse: {
    parameters: ['value'],
    undefined: 'quiet',
    run: (_environment, args) => {
      const value = given(args, 0);
      if (isText(value)) return slice(value, undefined, undefined, -1);
      const reversed = iterate(value).toReversed();
      return value instanceof Iter ? reversed : new Iter('reversed list', reversed);
    },
  },
  round: { parameters: ['value', 'precision?', 'method?'], run: (_environment, args) => round(args) },
  striptags: {
    parameters: ['value'],
    undefined: 'quiet',
    run: (_environment, args) => stripTags(str(given(args, 0))),
  },
  trim: {
    parameters: ['value', 'chars?'],
    undefined: 'quiet',
    run: (environment, args) => {
      const characters = args[1] === undefined || args[1] === null ? undefined : str(args[1]);
      return onText((text) => strip(text, 'both', characters))(environment, args);
    },
  },
  truncate: {
    parameters: ['s', 'length?', 'killwords?', 'end?', 'leeway?'],
    undefined: 'quiet',
    run: (_environment, args) => truncate(args),
  },
  upper: { parameters: ['s'], undefined: 'quiet', run: onText((text) => text.toUpperCase()) },
};

function firstOf(value: Value): Value | undefined {
  if (value instanceof SafeMarkup) return chars(value.text)[0];
  return iterate(value)[0];
}

function last(value: Value): Value | undefined {
  if (typeof value === 'string') return chars(value).at(-1);
  if (value instanceof SafeMarkup && value.text !== '') return slice(value, -1, undefined, undefined);
  return iterate(value).at(-1);
}

const escaping: Builtin = {
  parameters: ['s'],
  undefined: 'quiet',
  run: (_environment, args) => new SafeMarkup(escapeValue(given(args, 0))),
};

function unique(args: Given): Value {
  const get = attributeGetter(args[2]);
  const seen = new Set<string>();
  const kept = iterate(given(args, 0)).filter((item) => {
    const key = hashKey(flag(args, 1) ? get(item) : ignoreCase(get(item)));
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
  return new Iter('generator', [...kept]);
}

function dictSort(args: Given): Value {
  const value = given(args, 0);
  if (!(value instanceof Dict)) throw typeError(`dictsort wants a dict, not ${typeName(value)}`);
  const by = textOr(args, 2, 'key');
  if (by !== 'key' && by !== 'value') throw valueError('dictsort sorts by "key" or by "value"');
  const fold = flag(args, 1) ? (item: Value) => item : ignoreCase;
  const pairs = value.entries().map(([key, item]) => new Tuple([key, item]));
  const part = by === 'key' ? 0 : 1;
  return sorted(
    pairs,
    (pair) => fold(pair instanceof Tuple ? (pair.items[part] ?? null) : pair),
    flag(args, 3),
  );
}

function title(text: string): string {
  return text
    .split(/([-\s({[<]+)/u)
    .map((part) => {
      const [first = '', ...rest] = chars(part);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

/** Others of Jinja2's that mails need and that give the same here. */
const others: Readonly<Record<string, Builtin>> = {
  e: escaping,
  escape: escaping,
  safe: {
    parameters: ['value'],
    undefined: 'quiet',
    run: (_environment, args) => new SafeMarkup(str(given(args, 0))),
  },
  list: {
    parameters: ['value'],
    undefined: 'quiet',
    run: (_environment, args) => [...iterate(given(args, 0))],
  },
  sort: {
    parameters: ['value', 'reverse?', 'case_sensitive?', 'attribute?'],
    undefined: 'quiet',
    run: (_environment, args) =>
      sorted(iterate(given(args, 0)), sortKey(args[3], flag(args, 2)), flag(args, 1)),
  },
  unique: {
    parameters: ['value', 'case_sensitive?', 'attribute?'],
    undefined: 'quiet',
    run: (_environment, args) => unique(args),
  },
  dictsort: {
    parameters: ['value', 'case_sensitive?', 'by?', 'reverse?'],
    run: (_environment, args) => dictSort(args),
  },
  // Jinja2 puts it together of plain pieces: what was markup is escaped again.
  title: { parameters: ['s'], undefined: 'quiet', run: (_environment, args) => title(str(given(args, 0))) },
  wordcount: {
    parameters: ['s'],
    undefined: 'quiet',
    run: (_environment, args) => str(given(args, 0)).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  },
  urlencode: {
    parameters: ['value'],
    undefined: 'quiet',
    run: (_environment, args) => urlEncode(given(args, 0)),
  },
  tojson: {
    parameters: ['value'],
    run: (_environment, args) =>
      new SafeMarkup(
        toJson(given(args, 0), { sortKeys: true }).replace(
          /[<>&']/g,
          (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
        ),
      ),
  },
};

function urlEncode(value: Value): Value {
  if (isText(value) || !(value instanceof Dict || Array.isArray(value) || value instanceof Tuple)) {
    return quote(str(value), '/');
  }
  const pairs = value instanceof Dict ? value.entries() : iterate(value).map((pair) => iterate(pair));
  const part = (item: Value): string => quote(str(item), '').replaceAll('%20', '+');
  return pairs
    .map(([key, item, ...more]) => {
      if (key === undefined || item === undefined || more.length > 0)
        throw valueError('urlencode wants pairs');
      return `${part(key)}=${part(item)}`;
    })
    .join('&');
}

export const filters: Readonly<Record<string, Builtin>> = { ...allowed, ...others };
