import { escapeHtml } from '../../lib/escape-html.js';
import { LimitError, PyError, typeError, valueError } from '../errors.js';
import { floatRepr } from '../values/decimal.js';
import { item } from '../values/items.js';
import { SafeMarkup } from '../values/markup.js';
import { floatDigits, intDigits, signOf } from '../values/number-format.js';
import { asInt } from '../values/numbers.js';
import { Float } from '../values/objects.js';
import { defined } from '../values/operators.js';
import { chars, textLength } from '../values/sequences.js';
import { repr, str } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import type { Kwargs, Value } from '../values/types.js';

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/gu;

/** Python's text.format(…). Markup escapes what is put into it. */
export function formatText(
  format: string,
  args: readonly Value[],
  kwargs: Kwargs,
  escapeValue: ((value: Value) => string) | undefined,
): string {
  let next = 0;
  let numbering: boolean | undefined;
  const field = (name: string): Value => {
    const [, root = '', path = ''] = /^([^.[]*)(.*)$/su.exec(name) ?? [];
    const automatic = root === '';
    if (automatic || /^\d+$/.test(root)) {
      numbering ??= automatic;
      if (numbering !== automatic) throw valueError('format: {} and {0} cannot be mixed');
    }
    const found = automatic ? args[next++] : /^\d+$/.test(root) ? args[Number(root)] : kwargs.get(root);
    if (found === undefined) throw new PyError('IndexError', `format: there is no value for {${name}}`);
    if (!/^(\[[^\]]+\])*$/.test(path))
      throw valueError('format: {name[key]} is known, {name.attribute} is not');
    return [...path.matchAll(/\[([^\]]+)\]/gu)].reduce((value, [, key = '']) => keyed(value, key), found);
  };
  return format.replace(FIELD, (all, name: string | undefined, conversion: string | undefined, spec = '') => {
    if (all === '{{' || all === '}}') return all.charAt(0);
    if (name === undefined) throw valueError('format: a single { or } in the text');
    const value = defined(field(name));
    const filled = spec.replace(/\{([^{}]*)\}/gu, (_inner: string, inner: string) => str(field(inner)));
    const shown: Value = conversion === undefined ? value : conversion === 's' ? str(value) : repr(value);
    if (escapeValue && shown instanceof SafeMarkup && filled === '') return shown.text;
    const text = formatValue(shown, filled);
    return escapeValue ? escapeHtml(text) : text;
  });
}

/** `[key]` of a field: a number is a position, anything else a key. */
function keyed(value: Value, key: string): Value {
  const index = /^\d+$/.test(key) ? Number(key) : undefined;
  const found = item(value, index ?? key);
  if (found === undefined)
    throw new PyError('LookupError', `format: there is no [${key}] of a ${typeName(value)}`);
  return found;
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

/** Python's format(value, spec). */
function formatValue(value: Value, spec: string): string {
  if (spec === '') return str(value);
  const found = SPEC.exec(spec);
  if (!found) throw valueError(`format: ${JSON.stringify(spec)} is no format`);
  const [, fill, align, sign = '', alternate, zero, width, comma, precision, kind] = found;
  const whole = asInt(value);
  let lead = '';
  let body: string;
  let side = align;
  const text = typeof value === 'string' || value instanceof SafeMarkup || kind === 's';
  if (text) {
    if (kind !== undefined && kind !== 's') throw valueError(`format: there is no format ${kind} for text`);
    if (sign || comma || alternate) throw valueError('format: text has no sign and no thousands');
    body = precision === undefined ? str(value) : chars(str(value)).slice(0, Number(precision)).join('');
    side ??= '<';
  } else if (whole !== undefined && (kind === undefined || 'bcdoxXn'.includes(kind))) {
    if (precision !== undefined) throw valueError('format: a whole number has no precision');
    body =
      kind === 'c'
        ? String.fromCodePoint(Number(whole))
        : group(intDigits(whole, kind ?? 'd', Boolean(alternate)), comma);
    lead = signOf(BigInt(whole) < 0n, sign);
  } else if (whole !== undefined || value instanceof Float) {
    const number = value instanceof Float ? value.value : Number(whole);
    lead = signOf(number < 0 || Object.is(number, -0), sign);
    body = group(floatBody(number, kind, precision, Boolean(alternate)), comma);
  } else {
    throw typeError(`format: ${typeName(value)} takes no format`);
  }
  const missing = Number(width ?? 0) - textLength(lead + body);
  if (missing > 1_000_000) throw new LimitError('a text of more than 1,000,000 characters');
  if (missing <= 0) return lead + body;
  const char = fill ?? (zero ? '0' : ' ');
  if (zero && !align && !text) side = '=';
  switch (side) {
    case '<':
      return lead + body + char.repeat(missing);
    case '^':
      return char.repeat(Math.floor(missing / 2)) + lead + body + char.repeat(Math.ceil(missing / 2));
    case '=':
      return lead + char.repeat(missing) + body;
    default:
      return char.repeat(missing) + lead + body;
  }
}

function floatBody(
  value: number,
  kind: string | undefined,
  precision: string | undefined,
  alternate: boolean,
): string {
  if (kind === '%') return `${floatDigits(value * 100, 'f', Number(precision ?? 6), alternate)}%`;
  if (kind !== undefined)
    return floatDigits(value, kind === 'n' ? 'g' : kind, Number(precision ?? 6), alternate);
  if (precision === undefined) return floatRepr(value).replace(/^-/, '');
  const general = floatDigits(value, 'g', Number(precision), alternate);
  return /[.en]/.test(general) ? general : `${general}.0`;
}

function group(digits: string, comma: string | undefined): string {
  if (comma === undefined) return digits;
  const [, whole = '', rest = ''] = /^(\d*)(.*)$/su.exec(digits) ?? [];
  return whole.replace(/\B(?=(\d{3})+$)/g, comma) + rest;
}
