import { PyError, valueError } from '../errors.js';
import { asInt, int } from '../values/numbers.js';
import { Float } from '../values/objects.js';
import { defined, isText } from '../values/operators.js';
import { str } from '../values/text.js';
import type { Value } from '../values/types.js';
import { strip } from './characters.js';

/** The value of any decimal digit of Unicode: the blocks begin at a code that ends in 0 or 6, or are the mathematical ones. */
function toAsciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x1d7ce && code <= 0x1d7ff) return String((code - 0x1d7ce) % 10);
    const fromSix = /\p{Nd}/u.test(String.fromCodePoint((code & ~0xf) | 0xf));
    return String((code & 0xf) - (fromSix ? 6 : 0));
  });
}

const PREFIXES: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };

/** Python's int(text, base); undefined where it would raise ValueError. */
function parseInteger(text: string, base: number): number | bigint | undefined {
  if (base !== 0 && (base < 2 || base > 36)) throw valueError('int: the base must be between 2 and 36, or 0');
  const trimmed = toAsciiDigits(strip(text, 'both')).toLowerCase();
  const found = /^([+-]?)(0[box]_?)?([0-9a-z]+(?:_[0-9a-z]+)*)$/.exec(trimmed);
  if (!found) return undefined;
  const [, sign = '', prefix = '', digits = ''] = found;
  let radix = base;
  let body = digits.replaceAll('_', '');
  const kind = prefix.slice(0, 2);
  if (base === 0) {
    radix = kind === '' ? 10 : kind === '0x' ? 16 : kind === '0o' ? 8 : 2;
    if (kind === '' && /^0+[1-9]/.test(body)) return undefined;
  } else if (kind !== '' && PREFIXES[base] !== kind) {
    if (prefix.includes('_') && !/^0[box]_$/.test(prefix)) return undefined;
    body = kind + body; // 0b1 is a number in base 16 too
  }
  let value = 0n;
  for (const char of body) {
    const digit = Number.parseInt(char, 36);
    if (digit >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return int(sign === '-' ? -value : value);
}

/** Python's float(text); undefined where it would raise ValueError. */
function parseFloatText(text: string): number | undefined {
  const trimmed = toAsciiDigits(strip(text, 'both')).toLowerCase();
  const special = /^([+-]?)(inf|infinity|nan)$/.exec(trimmed);
  if (special) {
    const size = special[2] === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
    return special[1] === '-' ? -size : size;
  }
  const digits = '\\d+(?:_\\d+)*';
  const syntax = new RegExp(`^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:e[+-]?${digits})?$`);
  return syntax.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined;
}

/** Python's float(value); undefined where it would raise TypeError or ValueError. */
export function toFloat(value: Value): number | undefined {
  if (value instanceof Float) return value.value;
  const whole = asInt(defined(value));
  if (whole !== undefined) return Number(whole);
  return isText(value) ? parseFloatText(str(value)) : undefined;
}

/** Jinja2's `int` filter; undefined where its default applies. */
export function toInteger(value: Value, base: number): Value | undefined {
  const text = isText(defined(value));
  const whole = text ? parseInteger(str(value), base) : asInt(value);
  if (whole !== undefined) return whole;
  const float = toFloat(value);
  if (float === undefined || Number.isNaN(float)) return undefined;
  if (!Number.isFinite(float)) {
    if (text) return undefined;
    throw new PyError('OverflowError', 'int: infinity is no whole number');
  }
  return int(BigInt(Math.trunc(float)));
}
