import type { Dict, DictView } from './dict.js';
import type { SafeMarkup } from './markup.js';
import type {
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

/**
 * A value inside a template. Python's int is a `number` where that is exact and a `bigint` beyond (never a bigint that
 * would fit); its float is a {@link Float}, since 3 and 3.0 print differently; its str is a string, counted by code points.
 */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | Float
  | SafeMarkup
  | Value[]
  | Tuple
  | Dict
  | DictView
  | Range
  | Iter
  | Undefined
  | Callable
  | LoopState
  | Namespace
  | PyDateTime;

/** Keyword arguments of a call. */
export type Kwargs = ReadonlyMap<string, Value>;
export const noKwargs: Kwargs = new Map();
