import { dnAttributes } from '../model/attributes.js';
import { synonymsOf } from './entry.js';
import type { Filter } from './filter.js';
import type { LdifEntry } from './ldif-entries.js';
import { type Matching, matchingOf, matchingRule } from './matching-rules.js';

/** Undefined is RFC 4511's third truth value: such an entry does not match, and neither does its negation. */
type Test = (entry: LdifEntry) => boolean | undefined;

/** A filter holds something that cannot be answered from a file. */
export class UnsupportedFilter extends Error {}

/**
 * A filter as a test of LDIF entries, with the meaning that a server gives it.
 * @throws UnsupportedFilter for matching rules that need a server.
 */
export function compileFilter(filter: Filter): (entry: LdifEntry) => boolean {
  const test = compile(filter);
  return (entry) => test(entry) === true;
}

function compile(filter: Filter): Test {
  switch (filter.kind) {
    case 'and':
      return every(filter.filters.map(compile));
    case 'or': {
      // De Morgan holds in three values too.
      const none = every(filter.filters.map((each) => not(compile(each))));
      return not(none);
    }
    case 'not':
      return not(compile(filter.filter));
    case 'present': {
      const values = valuesOf(filter.attribute);
      return (entry) => values(entry).length > 0;
    }
    case 'substrings': {
      const matching = matchingOf(filter.attribute);
      const holds = matching.substrings(filter);
      return any(valuesOf(filter.attribute), holds);
    }
    case 'extensible':
      return extensible(filter);
    default: {
      const matching = matchingOf(filter.attribute);
      const holds =
        filter.kind === 'equal' || filter.kind === 'approx'
          ? matching.equal(filter.value)
          : ordering(matching, filter.kind, filter.value);
      return any(valuesOf(filter.attribute), holds);
    }
  }
}

function ordering(matching: Matching, kind: 'greaterOrEqual' | 'lessOrEqual', value: Buffer) {
  const compare = matching.compare(value);
  return (text: string) => {
    const order = compare(text);
    if (order === undefined) return undefined;
    return kind === 'greaterOrEqual' ? order >= 0 : order <= 0;
  };
}

function extensible(filter: Filter & { kind: 'extensible' }): Test {
  const { attribute, rule, value } = filter;
  const matching = rule === undefined ? matchingOf(attribute ?? '') : matchingRule(rule);
  if (matching === undefined)
    throw new UnsupportedFilter(
      `the matching rule ${rule} needs a server; it cannot be answered from an LDIF file`,
    );
  const holds = matching.equal(value);
  const own = any(attribute === undefined ? everyValue : valuesOf(attribute), holds);
  if (!filter.dn) return own;
  const inDn = any((entry) => valuesInDn(entry.normalisedDn, attribute), holds);
  return not(every([not(own), not(inDn)]));
}

function every(tests: readonly Test[]): Test {
  return (entry) => {
    let all: boolean | undefined = true;
    for (const test of tests) {
      const result = test(entry);
      if (result === false) return false;
      if (result === undefined) all = undefined;
    }
    return all;
  };
}

function not(test: Test): Test {
  return (entry) => {
    const result = test(entry);
    return result === undefined ? undefined : !result;
  };
}

/** True where any value matches (RFC 4511 §4.5.1.7); undefined where none does and some could not be compared. */
function any(
  values: (entry: LdifEntry) => readonly string[],
  holds: (value: string) => boolean | undefined,
): Test {
  return (entry) => {
    let none: boolean | undefined = false;
    for (const value of values(entry)) {
      const result = holds(value);
      if (result) return true;
      if (result === undefined) none = undefined;
    }
    return none;
  };
}

const NONE: readonly string[] = [];

/** How to find the values of an attribute in an entry: under either of its names, and with options such as `;lang-de`. */
function valuesOf(name: string): (entry: LdifEntry) => readonly string[] {
  const base = name.replace(/;.*$/, '');
  const spellings = [name, ...(name === base ? synonymsOf(name) : [])];
  const prefix = `${name};`;
  return (entry) => {
    let found: readonly string[] | undefined;
    for (const spelling of spellings) found ??= entry.attributes.get(spelling);
    if (found === undefined && (name === 'entrydn' || name === 'distinguishedname')) return [entry.dn];
    if (name === 'objectclass') return withSuperclasses(found ?? NONE);
    for (const [spelling, values] of entry.attributes)
      if (spelling.startsWith(prefix)) found = [...(found ?? NONE), ...values];
    return found ?? NONE;
  };
}

function everyValue(entry: LdifEntry): readonly string[] {
  return [...entry.attributes].flatMap(([name, values]) => (dnAttributes.has(name) ? NONE : values));
}

function valuesInDn(normalisedDn: string, attribute: string | undefined): readonly string[] {
  return normalisedDn
    .split(/[,+]/)
    .map((part) => part.split('='))
    .filter(([type]) => attribute === undefined || type === attribute)
    .map(([, value = '']) =>
      value.replace(/\\([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
}

/** An entry is of its classes' superclasses too, which an export need not list. */
const SUPERCLASSES: Readonly<Record<string, readonly string[]>> = {
  inetorgperson: ['organizationalPerson', 'person', 'top'],
  organizationalperson: ['person', 'top'],
  person: ['top'],
  user: ['organizationalPerson', 'person', 'top'],
};

function withSuperclasses(classes: readonly string[]): readonly string[] {
  const implied = classes.flatMap((name) => SUPERCLASSES[name.toLowerCase()] ?? NONE);
  return implied.length === 0 ? classes : [...classes, ...implied];
}
