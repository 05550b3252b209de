import type { Kwargs, Value } from './types.js';

/** Python's float. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Python's tuple. */
export class Tuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** Python's range. */
export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
  at(index: number): number {
    return this.start + index * this.step;
  }
}

/** An iterator that can be gone through once, as Jinja2's `reverse` and `unique` give. */
export class Iter {
  readonly kind: string;
  #items: Value[];
  constructor(kind: string, items: Value[]) {
    this.kind = kind;
    this.#items = items;
  }
  /** The next item; the rest stays. */
  next(): { readonly value: Value } | undefined {
    const value = this.#items.shift();
    return value === undefined ? undefined : { value };
  }
  /** All that is left; nothing is left after. */
  drain(): Value[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

/**
 * Jinja2's Undefined. A strict one stands for something that the person or the campaign lacks and is an error wherever its
 * value is needed; one that is not strict comes of a computation (`[]|first`, `'a' if false`) and is the empty text, as in Jinja2.
 */
export class Undefined {
  readonly what: string;
  readonly strict: boolean;
  /** Index into the template's positions; -1 where the statement's own is near enough. */
  readonly place: number;
  constructor(what: string, strict: boolean, place = -1) {
    this.what = what;
    this.strict = strict;
    this.place = place;
  }
}

/** A macro, a method bound to its value, or a function. */
export class Callable {
  readonly name: string;
  readonly call: (args: readonly Value[], kwargs: Kwargs) => Value;
  /** Macros may be given something undefined, as in Jinja2: it is judged where they use it. */
  readonly takesUndefined: boolean;
  constructor(
    name: string,
    call: (args: readonly Value[], kwargs: Kwargs) => Value,
    { takesUndefined = false }: { readonly takesUndefined?: boolean } = {},
  ) {
    this.name = name;
    this.call = call;
    this.takesUndefined = takesUndefined;
  }
}

/** Jinja2's `namespace()`: what a loop may write and the template after it read. */
export class Namespace {
  readonly values: Map<string, Value>;
  constructor(values: Map<string, Value>) {
    this.values = values;
  }
}

/** `loop` inside a for. */
export class LoopState {
  readonly items: readonly Value[];
  index0 = 0;
  changed: Value | undefined;
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** The datetime that `pex_now` gives. */
export class PyDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Minutes east of UTC. */
  readonly offset: number;
  /** "CET", "UTC", … */
  readonly zone: string;
  constructor(parts: {
    readonly year: number;
    readonly month: number;
    readonly day: number;
    readonly hour: number;
    readonly minute: number;
    readonly second: number;
    readonly microsecond: number;
    readonly offset: number;
    readonly zone: string;
  }) {
    this.year = parts.year;
    this.month = parts.month;
    this.day = parts.day;
    this.hour = parts.hour;
    this.minute = parts.minute;
    this.second = parts.second;
    this.microsecond = parts.microsecond;
    this.offset = parts.offset;
    this.zone = parts.zone;
  }
}
