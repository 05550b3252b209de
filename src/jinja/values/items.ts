import { Dict } from './dict.js';
import { SafeMarkup } from './markup.js';
import { asInt } from './numbers.js';
import { Range, Tuple } from './objects.js';
import { chars } from './sequences.js';
import type { Value } from './types.js';

/** What stands at a key or a position, which may count from the end. */
export function item(value: Value, key: Value): Value | undefined {
  if (value instanceof Dict) return value.get(key);
  const index = asInt(key);
  if (index === undefined) return undefined;
  const at = (size: number): number => (Number(index) < 0 ? Number(index) + size : Number(index));
  if (Array.isArray(value)) return value[at(value.length)];
  if (value instanceof Tuple) return value.items[at(value.items.length)];
  if (value instanceof Range) {
    const position = at(value.length);
    return position >= 0 && position < value.length ? value.at(position) : undefined;
  }
  if (typeof value === 'string') {
    const all = chars(value);
    return all[at(all.length)];
  }
  if (value instanceof SafeMarkup) {
    const all = chars(value.text);
    const char = all[at(all.length)];
    return char === undefined ? undefined : new SafeMarkup(char);
  }
  return undefined;
}
