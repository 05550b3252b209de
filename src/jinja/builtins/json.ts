import { typeError } from '../errors.js';
import { orderText } from '../values/compare.js';
import { floatRepr } from '../values/decimal.js';
import { Dict } from '../values/dict.js';
import { Float, Tuple } from '../values/objects.js';
import { isText } from '../values/operators.js';
import { str } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/types.js';

/** Python's json.dumps(value): ", " and ": " between, ASCII only. */
export function toJson(value: Value, options: { readonly sortKeys: boolean } = { sortKeys: false }): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  if (value instanceof Float) return jsonFloat(value.value);
  if (isText(value)) return jsonText(str(value));
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item, options)).join(', ')}]`;
  if (value instanceof Tuple) return `[${value.items.map((item) => toJson(item, options)).join(', ')}]`;
  if (value instanceof Dict) {
    const pairs = value.entries().map(([key, item]) => [keyText(key), item] as const);
    if (options.sortKeys) pairs.sort(([a], [b]) => orderText(a, b));
    return `{${pairs.map(([key, item]) => `${jsonText(key)}: ${toJson(item, options)}`).join(', ')}}`;
  }
  throw typeError(`a value of type ${typeName(value)} cannot be written as JSON`);
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  return floatRepr(value);
}

function keyText(key: Value): string {
  if (isText(key)) return str(key);
  if (
    key === null ||
    typeof key === 'boolean' ||
    typeof key === 'number' ||
    typeof key === 'bigint' ||
    key instanceof Float
  ) {
    return toJson(key);
  }
  throw typeError(`a key of type ${typeName(key)} cannot be written as JSON`);
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
