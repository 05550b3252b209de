import { typeError } from '../errors.js';
import type { HostValue } from '../types.js';
import { SafeMarkup } from './markup.js';
import { int } from './numbers.js';
import { Float, Tuple } from './objects.js';
import type { Value } from './types.js';

type HostMapping = { readonly [name: string]: HostValue };

/**
 * Python's dict. One that comes from the caller reads its own properties only, as they are asked
 * for.
 */
export class Dict {
  #source: HostMapping | undefined;
  readonly #entries = new Map<string, readonly [Value, Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = [], source?: HostMapping) {
    this.#source = source;
    for (const [key, value] of entries) this.set(key, value);
  }

  get(key: Value): Value | undefined {
    if (this.#source !== undefined) {
      const name = key instanceof SafeMarkup ? key.text : key;
      if (typeof name !== 'string') return undefined;
      const found = Object.hasOwn(this.#source, name) ? this.#source[name] : undefined;
      return found === undefined ? undefined : fromHost(found);
    }
    return this.#entries.get(hashKey(key))?.[1];
  }

  set(key: Value, value: Value): void {
    const map = this.#own();
    const hash = hashKey(key);
    // A key that is there already keeps its first spelling and place, as in Python: {1: 'a', 1.0: 'b'} is {1: 'b'}.
    map.set(hash, [map.get(hash)?.[0] ?? key, value]);
  }

  entries(): readonly (readonly [Value, Value])[] {
    return [...this.#own().values()];
  }

  get size(): number {
    return this.#own().size;
  }

  #own(): Map<string, readonly [Value, Value]> {
    const source = this.#source;
    if (source !== undefined) {
      this.#source = undefined;
      for (const [name, value] of Object.entries(source)) {
        if (value !== undefined) this.#entries.set(hashKey(name), [name, fromHost(value)]);
      }
    }
    return this.#entries;
  }
}

/** What `keys()`, `values()` and `items()` give. */
export class DictView {
  readonly kind: 'keys' | 'values' | 'items';
  readonly items: readonly Value[];
  constructor(kind: 'keys' | 'values' | 'items', dict: Dict) {
    this.kind = kind;
    this.items = dict
      .entries()
      .map(([key, value]) => (kind === 'keys' ? key : kind === 'values' ? value : new Tuple([key, value])));
  }
}

/** Equal for keys that Python takes for the same: 1, 1.0 and True. */
export function hashKey(key: Value): string {
  if (typeof key === 'string') return `s${key}`;
  if (key instanceof SafeMarkup) return `s${key.text}`;
  if (typeof key === 'number' || typeof key === 'bigint') return `n${key}`;
  if (typeof key === 'boolean') return `n${Number(key)}`;
  if (key instanceof Float) {
    return Number.isInteger(key.value) ? `n${BigInt(key.value)}` : `n${key.value}`;
  }
  if (key === null) return 'None';
  if (key instanceof Tuple) return `t${JSON.stringify(key.items.map(hashKey))}`;
  throw typeError('only text, numbers, None and tuples of these can be the key of a dict');
}

/** The caller's value as a template's. */
export function fromHost(value: Exclude<HostValue, undefined>): Value {
  if (typeof value === 'number') return Number.isInteger(value) ? int(BigInt(value)) : new Float(value);
  if (typeof value !== 'object' || value === null || value instanceof SafeMarkup) return value;
  if (isHostList(value)) return value.map((item) => (item === undefined ? null : fromHost(item)));
  return new Dict([], value);
}

function isHostList(value: readonly HostValue[] | HostMapping): value is readonly HostValue[] {
  return Array.isArray(value);
}
