import { PyError, typeError, UndefinedError } from '../errors.js';
import { Dict, DictView } from './dict.js';
import { SafeMarkup } from './markup.js';
import { Iter, LoopState, Range, Tuple, Undefined } from './objects.js';
import { typeName } from './type-name.js';
import type { Value } from './types.js';

/** A text as its characters (code points), without building a list where each is one unit long. */
export function chars(text: string): readonly string[] {
  return Array.from(text);
}

/** Python's len(text). */
export function textLength(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(index + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        size--;
        index++;
      }
    }
  }
  return size;
}

/** Python's len(value). */
export function length(value: Value): number {
  if (typeof value === 'string') return textLength(value);
  if (value instanceof SafeMarkup) return textLength(value.text);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Tuple || value instanceof DictView) return value.items.length;
  if (value instanceof Dict) return value.size;
  if (value instanceof Range) return value.length;
  if (value instanceof LoopState) return value.items.length;
  if (value instanceof Undefined) {
    if (value.strict) throw new UndefinedError(value.what, value.place);
    return 0;
  }
  throw typeError(`a value of type ${typeName(value)} has no length`);
}

/** What going through a value gives, as Python's iter(). */
export function iterate(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple || value instanceof DictView) return value.items;
  if (typeof value === 'string') return chars(value);
  if (value instanceof SafeMarkup) return chars(value.text).map((char) => char);
  if (value instanceof Dict) return value.entries().map(([key]) => key);
  if (value instanceof Range) return Array.from({ length: value.length }, (_, index) => value.at(index));
  if (value instanceof Iter) return value.drain();
  if (value instanceof Undefined) {
    if (value.strict) throw new UndefinedError(value.what, value.place);
    return [];
  }
  throw typeError(`a value of type ${typeName(value)} cannot be gone through`);
}

/** Python's value[start:stop:step]. */
export function slice(
  value: Value,
  start: number | undefined,
  stop: number | undefined,
  step: number | undefined,
): Value {
  if (!isSliceable(value)) throw typeError(`a value of type ${typeName(value)} cannot be sliced`);
  if (step === 0) throw new PyError('ValueError', 'the step of a slice cannot be zero');
  const size = length(value);
  const stride = step ?? 1;
  const clamp = (index: number): number => {
    const from = index < 0 ? index + size : index;
    return stride > 0 ? Math.min(Math.max(from, 0), size) : Math.min(Math.max(from, -1), size - 1);
  };
  const first = start === undefined ? (stride > 0 ? 0 : size - 1) : clamp(start);
  const last = stop === undefined ? (stride > 0 ? size : -1) : clamp(stop);
  if (value instanceof Range) {
    return new Range(value.at(first), value.at(last), value.step * stride);
  }
  const items: readonly Value[] =
    typeof value === 'string'
      ? chars(value)
      : value instanceof SafeMarkup
        ? chars(value.text)
        : value instanceof Tuple
          ? value.items
          : iterate(value);
  const picked: Value[] = [];
  for (let index = first; stride > 0 ? index < last : index > last; index += stride) {
    const item = items[index];
    if (item !== undefined) picked.push(item);
  }
  if (typeof value === 'string') return picked.join('');
  if (value instanceof SafeMarkup) return new SafeMarkup(picked.join(''));
  return value instanceof Tuple ? new Tuple(picked) : picked;
}

function isSliceable(value: Value): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return true;
  return value instanceof SafeMarkup || value instanceof Tuple || value instanceof Range;
}
