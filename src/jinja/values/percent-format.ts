import { escapeHtml } from '../../lib/escape-html.js';
import { LimitError, typeError, valueError } from '../errors.js';
import { Dict } from './dict.js';
import { SafeMarkup } from './markup.js';
import { floatDigits, intDigits, signOf } from './number-format.js';
import { asInt } from './numbers.js';
import { Float, Tuple } from './objects.js';
import { chars, textLength } from './sequences.js';
import { repr, str } from './text.js';
import { typeName } from './type-name.js';
import type { Value } from './types.js';

const SPEC = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S]?)/gu;

/** Python's `text % values`. Markup escapes what is put into it. */
export function percentFormat(format: string | SafeMarkup, values: Value): string | SafeMarkup {
  const safe = format instanceof SafeMarkup;
  const source = safe ? format.text : format;
  const args = values instanceof Tuple ? values.items : [values];
  const mapping = values instanceof Dict ? values : undefined;
  let next = 0;
  const take = (): Value => {
    const value = args[next++];
    if (value === undefined) throw typeError('format: there are fewer values than the text asks for');
    return value;
  };
  const takeInt = (written: string | undefined): number | undefined => {
    if (written === undefined) return undefined;
    if (written !== '*') return Number(written);
    const value = asInt(take());
    if (value === undefined) throw typeError('format: * wants a whole number');
    return Number(value);
  };
  let named = false;
  const text = source.replace(
    SPEC,
    (_all, name: string | undefined, flags: string, width: string, precision: string, kind: string) => {
      if (kind === '%' && name === undefined) return '%';
      if (kind === '') throw valueError('format: the text ends within a %');
      if (name !== undefined && mapping === undefined) throw typeError('format: %(name)s wants a mapping');
      named ||= name !== undefined;
      let size = takeInt(width);
      let left = flags.includes('-');
      if (size !== undefined && size < 0) {
        left = true;
        size = -size;
      }
      if (size !== undefined && size > 1_000_000)
        throw new LimitError('a text of more than 1,000,000 characters');
      const digits = takeInt(precision);
      const value = name === undefined ? take() : keyed(mapping, name);
      const [sign, body] = convert(kind, flags, digits, value, safe);
      const missing = (size ?? 0) - textLength(sign + body);
      if (missing <= 0) return sign + body;
      if (left) return sign + body + ' '.repeat(missing);
      const zeros = flags.includes('0') && /[diueEfFgGoxX]/.test(kind);
      return zeros ? zeroFill(sign, body, missing) : ' '.repeat(missing) + sign + body;
    },
  );
  // A list or a mapping may go unused, as CPython allows for anything that has keys or positions but is no tuple.
  if (!named && mapping === undefined && !Array.isArray(values) && next < args.length) {
    throw typeError('format: there are more values than the text asks for');
  }
  return safe ? new SafeMarkup(text) : text;
}

function keyed(mapping: Dict | undefined, name: string): Value {
  const value = mapping?.get(name);
  if (value === undefined) throw typeError(`format: there is no value ${JSON.stringify(name)}`);
  return value;
}

function zeroFill(sign: string, body: string, missing: number): string {
  const prefix = /^0[xXo]/.exec(body)?.[0] ?? '';
  return sign + prefix + '0'.repeat(missing) + body.slice(prefix.length);
}

function convert(
  kind: string,
  flags: string,
  precision: number | undefined,
  value: Value,
  safe: boolean,
): readonly [sign: string, body: string] {
  const flag = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  switch (kind) {
    case 's':
    case 'r':
    case 'a': {
      const plain = kind === 's' ? str(value) : repr(value);
      const shown = kind === 'a' ? ascii(plain) : plain;
      const escaped = safe && !(kind === 's' && value instanceof SafeMarkup) ? escapeHtml(shown) : shown;
      return ['', precision === undefined ? escaped : chars(escaped).slice(0, precision).join('')];
    }
    case 'c':
      return ['', character(value)];
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      const float = value instanceof Float && 'diu'.includes(kind) ? value.value : undefined;
      if (float !== undefined && !Number.isFinite(float))
        throw valueError('format: %d of what is no finite number');
      const whole = float === undefined ? asInt(value) : BigInt(Math.trunc(float));
      if (whole === undefined)
        throw typeError(`format: %${kind} wants a whole number, not ${typeName(value)}`);
      const text = intDigits(whole, kind, flags.includes('#'));
      const prefix = /^0[xXo]/.exec(text)?.[0] ?? '';
      const padded = prefix + text.slice(prefix.length).padStart(precision ?? 0, '0');
      return [signOf(BigInt(whole) < 0n, flag), padded];
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const whole = asInt(value);
      const number = value instanceof Float ? value.value : whole === undefined ? undefined : Number(whole);
      if (number === undefined) throw typeError(`format: %${kind} wants a number, not ${typeName(value)}`);
      const negative = number < 0 || Object.is(number, -0);
      return [signOf(negative, flag), floatDigits(number, kind, precision ?? 6, flags.includes('#'))];
    }
    default:
      throw valueError(`format: there is no conversion %${kind}`);
  }
}

function character(value: Value): string {
  const code = asInt(value);
  if (code !== undefined && Number(code) >= 0 && Number(code) <= 0x10ffff)
    return String.fromCodePoint(Number(code));
  if (typeof value === 'string' && textLength(value) === 1) return value;
  throw typeError('format: %c wants one character');
}

function ascii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) => {
    const hex = (char.codePointAt(0) ?? 0).toString(16);
    return hex.length <= 2
      ? `\\x${hex}`
      : hex.length <= 4
        ? `\\u${hex.padStart(4, '0')}`
        : `\\U${hex.padStart(8, '0')}`;
  });
}
