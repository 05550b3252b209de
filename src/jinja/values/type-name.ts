import { Dict, DictView } from './dict.js';
import { SafeMarkup } from './markup.js';
import {
  Callable,
  Float,
  Iter,
  LoopState,
  Namespace,
  PyDateTime,
  Range,
  Tuple,
  Undefined,
} from './objects.js';
import type { Value } from './types.js';

/** The name that Python's messages use. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'int';
  if (value instanceof Float) return 'float';
  if (value instanceof SafeMarkup) return 'Markup';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof Dict) return 'dict';
  if (value instanceof DictView) return `dict_${value.kind}`;
  if (value instanceof Range) return 'range';
  if (value instanceof Iter) return value.kind;
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Callable) return 'function';
  if (value instanceof LoopState) return 'LoopContext';
  if (value instanceof Namespace) return 'Namespace';
  if (value instanceof PyDateTime) return 'datetime';
  return 'list';
}
