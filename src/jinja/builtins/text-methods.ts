import { LimitError, typeError, valueError } from '../errors.js';
import { SafeMarkup } from '../values/markup.js';
import { Tuple } from '../values/objects.js';
import { chars, iterate, slice, textLength } from '../values/sequences.js';
import { typeName } from '../values/type-name.js';
import type { Kwargs, Value } from '../values/types.js';
import type { Parameters } from './bind.js';
import { capitalize, lowerAt, strip, titleChar } from './characters.js';
import { formatText } from './format-text.js';
import { replace, rsplit, split, splitLines } from './strings.js';

/** The arguments of one call, by position. */
export interface Args {
  /** None where it was left out. */
  value(index: number): Value;
  maybe(index: number): Value | undefined;
  /** Text; the fallback where it was left out or None. */
  text(index: number, fallback?: string): string;
  int(index: number, fallback: number): number;
}

interface TextMethod {
  readonly parameters: Parameters;
  readonly run: (self: string, args: Args, safe: boolean) => Value;
  /** Markup escapes the texts it is given here. */
  readonly escapes?: boolean;
  /** False where markup gives plain values too. */
  readonly safe?: boolean;
  readonly variadic?: (
    self: string,
    args: readonly Value[],
    kwargs: Kwargs,
    escapeValue: ((value: Value) => string) | undefined,
  ) => string;
}

const textOrNone = (args: Args, index: number): string | undefined =>
  args.value(index) === null ? undefined : args.text(index);

const of = (
  parameters: Parameters,
  run: (self: string, args: Args, safe: boolean) => Value,
  more: { readonly escapes?: boolean; readonly safe?: boolean } = {},
): TextMethod => ({ parameters, run, ...more });

const ask = (test: (self: string) => boolean): TextMethod => of([], test);
/** Every character is of that kind, and there is one. */
const every = (kind: RegExp): TextMethod => ask((self) => kind.test(self));

function cased(self: string, wanted: 'upper' | 'lower'): boolean {
  const other = wanted === 'upper' ? /[\p{Lowercase}\p{Lt}]/u : /[\p{Uppercase}\p{Lt}]/u;
  const one = wanted === 'upper' ? /\p{Uppercase}/u : /\p{Lowercase}/u;
  return one.test(self) && !other.test(self);
}

function title(self: string): string {
  // What follows a cased character is lowered, everything else is titled.
  let after = false;
  const lower = chars(self).map((char, index, all) => {
    const out = after ? lowerAt(all, index) : titleChar(char);
    after = /\p{Cased}/u.test(char);
    return out;
  });
  return lower.join('');
}

function pad(self: string, args: Args, side: 'left' | 'right' | 'centre'): string {
  const fill = args.text(1, ' ');
  if (textLength(fill) !== 1) throw typeError('the character to fill with must be one character');
  const missing = args.int(0, 0) - textLength(self);
  if (missing <= 0) return self;
  if (missing > 1_000_000) throw new LimitError('a text of more than 1,000,000 characters');
  // CPython's str.center: the odd one goes left where the width is odd.
  const left =
    side === 'left'
      ? missing
      : side === 'right'
        ? 0
        : Math.floor(missing / 2) + (missing & args.int(0, 0) & 1);
  return fill.repeat(left) + self + fill.repeat(missing - left);
}

/** The part of the text that find and count look into, and where it begins. */
function part(self: string, args: Args): readonly [string, number] {
  const size = textLength(self);
  const from = args.value(1) === null ? 0 : args.int(1, 0);
  const start = from < 0 ? Math.max(0, from + size) : from;
  const to = args.value(2) === null ? size : args.int(2, size);
  return [String(slice(self, start, to, undefined)), start];
}

function find(self: string, args: Args, last: boolean): number {
  const [text, start] = part(self, args);
  if (start > textLength(self)) return -1;
  const at = last ? text.lastIndexOf(args.text(0)) : text.indexOf(args.text(0));
  return at < 0 ? -1 : start + textLength(text.slice(0, at));
}

function count(self: string, args: Args): number {
  const [text, start] = part(self, args);
  const wanted = args.text(0);
  if (wanted !== '') return text.split(wanted).length - 1;
  return start > textLength(self) ? 0 : textLength(text) + 1;
}

function affix(self: string, args: Args, test: (text: string, affix: string) => boolean): boolean {
  const [text, start] = part(self, args);
  if (start > textLength(self)) return false;
  const wanted = args.value(0);
  if (wanted instanceof Tuple) return wanted.items.some((item) => test(text, wantText(item)));
  return test(text, args.text(0));
}

function wantText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof SafeMarkup) return value.text;
  throw typeError('a tuple of texts is wanted');
}

function partition(self: string, args: Args, last: boolean): Tuple {
  const separator = args.text(0);
  if (separator === '') throw valueError('partition: the separator is empty');
  const at = last ? self.lastIndexOf(separator) : self.indexOf(separator);
  if (at < 0) return new Tuple(last ? ['', '', self] : [self, '', '']);
  return new Tuple([self.slice(0, at), separator, self.slice(at + separator.length)]);
}

const needIndex = (found: number): number => {
  if (found < 0) throw valueError('index: the text is not in it');
  return found;
};

/** The methods that text has: those of Python's str that templates use. */
export const textMethods: Readonly<Record<string, TextMethod>> = {
  upper: of([], (self) => self.toUpperCase()),
  lower: of([], (self) => self.toLowerCase()),
  casefold: of([], (self) => self.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ')),
  capitalize: of([], (self) => capitalize(self)),
  title: of([], (self) => title(self)),
  swapcase: of([], (self) =>
    chars(self)
      .map((char, index, all) => (cased(char, 'lower') ? char.toUpperCase() : lowerAt(all, index)))
      .join(''),
  ),
  strip: of(['chars?'], (self, args) => strip(self, 'both', textOrNone(args, 0))),
  lstrip: of(['chars?'], (self, args) => strip(self, 'left', textOrNone(args, 0))),
  rstrip: of(['chars?'], (self, args) => strip(self, 'right', textOrNone(args, 0))),
  split: of(['sep?', 'maxsplit?'], (self, args) => split(self, textOrNone(args, 0), args.int(1, -1))),
  rsplit: of(['sep?', 'maxsplit?'], (self, args) => rsplit(self, textOrNone(args, 0), args.int(1, -1))),
  splitlines: of(['keepends?'], (self, args) => splitLines(self, Boolean(args.value(0)))),
  partition: of(['sep'], (self, args) => partition(self, args, false)),
  rpartition: of(['sep'], (self, args) => partition(self, args, true)),
  replace: {
    parameters: ['old', 'new', 'count?'],
    run: (self, args) => replace(self, args.text(0), args.text(1), args.int(2, -1)),
  },
  removeprefix: of(['prefix'], (self, args) =>
    self.startsWith(args.text(0)) ? self.slice(args.text(0).length) : self,
  ),
  removesuffix: of(['suffix'], (self, args) =>
    args.text(0) !== '' && self.endsWith(args.text(0)) ? self.slice(0, -args.text(0).length) : self,
  ),
  startswith: of(['prefix', 'start?', 'end?'], (self, args) =>
    affix(self, args, (text, x) => text.startsWith(x)),
  ),
  endswith: of(['suffix', 'start?', 'end?'], (self, args) =>
    affix(self, args, (text, x) => text.endsWith(x)),
  ),
  find: of(['sub', 'start?', 'end?'], (self, args) => find(self, args, false)),
  rfind: of(['sub', 'start?', 'end?'], (self, args) => find(self, args, true)),
  index: of(['sub', 'start?', 'end?'], (self, args) => needIndex(find(self, args, false))),
  rindex: of(['sub', 'start?', 'end?'], (self, args) => needIndex(find(self, args, true))),
  count: of(['sub', 'start?', 'end?'], count),
  zfill: of(['width'], (self, args) => {
    const sign = /^[+-]/.exec(self)?.[0] ?? '';
    const missing = Math.max(0, args.int(0, 0) - textLength(self));
    if (missing > 1_000_000) throw new LimitError('a text of more than 1,000,000 characters');
    return sign + '0'.repeat(missing) + self.slice(sign.length);
  }),
  ljust: of(['width', 'fillchar?'], (self, args) => pad(self, args, 'right'), { escapes: true }),
  rjust: of(['width', 'fillchar?'], (self, args) => pad(self, args, 'left'), { escapes: true }),
  center: of(['width', 'fillchar?'], (self, args) => pad(self, args, 'centre'), { escapes: true }),
  join: {
    parameters: ['iterable'],
    run: (self, args) => joinTexts(self, iterate(args.value(0))),
    variadic: (self, args, _kwargs, escapeValue) => {
      const [iterable] = args;
      if (iterable === undefined || args.length !== 1) throw typeError('join takes one list of texts');
      const items = iterate(iterable);
      return escapeValue ? items.map(escapeValue).join(self) : joinTexts(self, items);
    },
  },
  format: {
    parameters: [],
    run: (self) => self,
    variadic: (self, args, kwargs, escapeValue) => formatText(self, args, kwargs, escapeValue),
  },
  isdigit: every(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2776-\u277e]+$/u),
  isdecimal: every(/^\p{Nd}+$/u),
  isnumeric: every(/^\p{N}+$/u),
  isalpha: every(/^\p{L}+$/u),
  isalnum: every(/^[\p{L}\p{N}]+$/u),
  isascii: ask((self) => /^[\0-\x7f]*$/.test(self)),
  isspace: ask((self) => self !== '' && strip(self, 'both') === ''),
  isupper: ask((self) => cased(self, 'upper')),
  islower: ask((self) => cased(self, 'lower')),
  istitle: ask((self) => self === title(self) && /\p{Cased}/u.test(self)),
};

function joinTexts(separator: string, items: readonly Value[]): string {
  return items
    .map((item, index) => {
      if (typeof item === 'string') return item;
      if (item instanceof SafeMarkup) return item.text;
      throw typeError(`join wants texts, and item ${index} is a ${typeName(item)}`);
    })
    .join(separator);
}
