import { typeError, UndefinedError } from '../errors.js';
import { isoFormat } from './datetime.js';
import { floatRepr } from './decimal.js';
import { Dict, DictView } from './dict.js';
import { SafeMarkup } from './markup.js';
import { Callable, Float, Iter, Namespace, PyDateTime, Range, Tuple, Undefined } from './objects.js';
import { typeName } from './type-name.js';
import type { Value } from './types.js';

/** Python's str(value). */
export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof SafeMarkup) return value.text;
  if (value instanceof Undefined) {
    if (value.strict) throw new UndefinedError(value.what, value.place);
    return '';
  }
  if (value instanceof PyDateTime) return isoFormat(value, ' ');
  return repr(value);
}

/** Python's repr(value). */
export function repr(value: Value): string {
  if (typeof value === 'string') return stringRepr(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  if (value instanceof Float) return floatRepr(value.value);
  if (value instanceof SafeMarkup) return `Markup(${stringRepr(value.text)})`;
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (value instanceof Tuple) return tupleRepr(value.items);
  if (value instanceof Dict) return dictRepr(value);
  if (value instanceof DictView) return `dict_${value.kind}([${value.items.map(repr).join(', ')}])`;
  if (value instanceof Range) {
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
  }
  if (value instanceof Namespace) return `<Namespace ${dictRepr(new Dict(value.values))}>`;
  if (value instanceof Undefined) {
    if (value.strict) throw new UndefinedError(value.what, value.place);
    return 'Undefined';
  }
  // Python prints an address in memory for these, which nobody wants in a mail.
  if (value instanceof Iter)
    throw typeError(`a ${value.kind} cannot be printed: put |list or |join after it`);
  if (value instanceof Callable) throw typeError(`${value.name} cannot be printed: call it, ${value.name}()`);
  throw typeError(`a ${typeName(value)} cannot be printed`);
}

function tupleRepr(items: readonly Value[]): string {
  return `(${items.map(repr).join(', ')}${items.length === 1 ? ',' : ''})`;
}

function dictRepr(dict: Dict): string {
  return `{${dict
    .entries()
    .map(([key, value]) => `${repr(key)}: ${repr(value)}`)
    .join(', ')}}`;
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
/** What str.isprintable() denies. */
const UNPRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(UNPRINTABLE, (char) => SHORT[char] ?? escapeChar(char.codePointAt(0) ?? 0));
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

function escapeChar(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
