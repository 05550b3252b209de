import { ignoreCase, order } from '../values/compare.js';
import { subscript } from '../values/lookup.js';
import { Tuple } from '../values/objects.js';
import { defined, isText } from '../values/operators.js';
import { str } from '../values/text.js';
import type { Value } from '../values/types.js';

const steps = (path: Value): readonly Value[] =>
  isText(path)
    ? str(path)
        .split('.')
        .map((part) => (/^\p{Nd}+$/u.test(part) ? Number(part) : part))
    : [path];

/** Jinja2's attribute argument: "manager.name" or "0" of each item; None is the item itself. */
export function attributeGetter(path: Value | undefined): (item: Value) => Value {
  if (path === undefined || path === null) return (item) => item;
  const parts = steps(path);
  return (item) => parts.reduce((value, part) => subscript(value, part, -1, undefined), item);
}

/** The key that `sort` orders by: "age,name" gives a tuple of two. */
export function sortKey(path: Value | undefined, caseSensitive: boolean): (item: Value) => Value {
  const fold = caseSensitive ? (value: Value) => value : ignoreCase;
  const paths = isText(path ?? null) ? str(path ?? null).split(',') : [path ?? null];
  const getters = paths.map((one) => attributeGetter(one));
  return (item) => new Tuple(getters.map((get) => fold(defined(get(item)))));
}

/** Stable, as Python's sorted. */
export function sorted(items: readonly Value[], key: (item: Value) => Value, reverse: boolean): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (reverse ? order(b.key, a.key, '<') : order(a.key, b.key, '<')));
  return keyed.map(({ item }) => item);
}
