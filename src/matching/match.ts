import type { Attributes } from '../model/person.js';
import type { Condition } from './schema.js';

export interface Matched<Pattern> {
  readonly pattern: Pattern;
  /** The named groups of its regular expressions. */
  readonly groups: Readonly<Record<string, string>>;
  /** The `mail` value to use: undefined where the person has none. */
  readonly mail: string | undefined;
}

export interface MatchOptions {
  /** Whether a `mail` value is the address used last time. */
  readonly usedLast?: (mail: string) => boolean;
}

/** The first pattern of which every condition holds, or undefined. */
export function matchFirst<Pattern extends { readonly match: readonly Condition[] }>(
  patterns: readonly Pattern[],
  attributes: Attributes,
  options: MatchOptions = {},
): Matched<Pattern> | undefined {
  for (const pattern of patterns) {
    const found = matchOne(pattern.match, attributes, options);
    if (found) return { pattern, ...found };
  }
  return undefined;
}

function matchOne(
  conditions: readonly Condition[],
  attributes: Attributes,
  { usedLast }: MatchOptions,
): Omit<Matched<never>, 'pattern'> | undefined {
  let mail: string | undefined;
  const groups: Record<string, string> = {};
  for (const { attribute, alternatives } of conditions) {
    const fitting: { value: string; groups: Readonly<Record<string, string>> }[] = [];
    for (const value of attributes.get(attribute) ?? []) {
      for (const matcher of alternatives) {
        const found = matcher.match(value);
        if (found === undefined) continue;
        fitting.push({ value, groups: found });
        break;
      }
    }
    if (fitting.length === 0) return undefined;
    const value = choose(
      fitting.map((fit) => fit.value),
      attribute === 'mail' ? usedLast : undefined,
    );
    Object.assign(groups, fitting.find((fit) => fit.value === value)?.groups);
    if (attribute === 'mail') mail = value;
  }
  return { groups, mail: mail ?? choose(attributes.get('mail') ?? [], usedLast) };
}

/** Servers promise no order of values (RFC 4511 §4.1.7), so that the first one would be another one some night. */
function choose(values: readonly string[], usedLast: MatchOptions['usedLast']): string | undefined {
  if (values.length < 2) return values[0];
  const last = usedLast && values.find(usedLast);
  return last ?? values.reduce((lowest, value) => (bytewiseLess(value, lowest) ? value : lowest));
}

/** As UTF-8 bytes; JavaScript's `<` compares UTF-16 units, which differs above U+FFFF. */
function bytewiseLess(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
