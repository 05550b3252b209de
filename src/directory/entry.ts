import { isUtf8 } from 'node:buffer';
import { binaryAttributes } from '../model/attributes.js';
import type { Attributes } from '../model/person.js';
import { type Field, fieldAt, type RawEntry } from './search-replies.js';

/** The next values of an attribute that the server gave only a part of (Active Directory gives 1,500 at a time). */
export interface OpenRange {
  readonly name: string;
  /** The first value that is still to come, counted from 0. */
  readonly from: number;
}

export interface DecodedEntry {
  /** What was asked for. */
  readonly attributes: Map<string, string[]>;
  /** What Rollcall reads for itself: the id, and whether the account is barred. Gone once the next entry is decoded. */
  readonly own: Attributes;
  readonly ranges: readonly OpenRange[];
}

interface KnownName {
  /** As the server writes it. */
  readonly spelling: Buffer;
  readonly name: string;
  readonly keep: boolean;
  readonly own: boolean;
  readonly binary: boolean;
  /** The range given, `last` undefined where it reaches the end. */
  readonly range: { readonly last: number | undefined } | undefined;
}

const NO_RANGES: readonly OpenRange[] = [];

/**
 * RFC 4519, 4524: two names of one attribute. A server answers with the name it prefers, whichever was asked for.
 * Active Directory's `street` and `streetAddress` are two attributes, so that an exact name always comes first.
 */
const SYNONYMS: readonly (readonly string[])[] = [
  ['c', 'countryname'],
  ['cn', 'commonname'],
  ['co', 'friendlycountryname'],
  ['dc', 'domaincomponent'],
  ['drink', 'favouritedrink'],
  ['facsimiletelephonenumber', 'fax'],
  ['givenname', 'gn'],
  ['homephone', 'hometelephonenumber'],
  ['l', 'localityname'],
  ['mail', 'rfc822mailbox'],
  ['mobile', 'mobiletelephonenumber'],
  ['o', 'organizationname'],
  ['ou', 'organizationalunitname'],
  ['pager', 'pagertelephonenumber'],
  ['sn', 'surname'],
  ['st', 'stateorprovincename'],
  ['street', 'streetaddress'],
  ['uid', 'userid'],
];

/** The other names of an attribute, in lower case. */
export function synonymsOf(name: string): readonly string[] {
  return SYNONYMS.find((group) => group.includes(name))?.filter((other) => other !== name) ?? [];
}

/** Turns what the server sent into attributes by lower-case name. Each spelling is looked into once a read, not once a value. */
export function createDecoder(
  wanted: ReadonlySet<string>,
  own: ReadonlySet<string>,
): (entry: RawEntry) => DecodedEntry {
  const names = new Map<string, KnownName>();
  /** Of the entry before, in their order: mostly that of the next one too, and bytes are compared faster than made a text. */
  const lastNames: KnownName[] = [];
  const synonyms = synonymsAmong(wanted);
  const mine = new Map<string, readonly string[]>();

  const nameOf = (bytes: Buffer, type: Field, index: number): KnownName => {
    const last = lastNames[index];
    if (last !== undefined && isSpelt(last.spelling, bytes, type)) return last;
    const spelling = bytes.toString('latin1', type.start, type.end);
    const known = names.get(spelling) ?? understand(spelling, wanted, own);
    names.set(spelling, known);
    lastNames[index] = known;
    return known;
  };

  return ({ bytes, start, end }) => {
    const attributes = new Map<string, string[]>();
    let ranges: OpenRange[] | undefined;
    if (mine.size > 0) mine.clear();
    let index = 0;
    for (let at = start; at < end; index += 1) {
      const attribute = fieldAt(bytes, at, end);
      at = attribute.end;
      const type = fieldAt(bytes, attribute.start, attribute.end);
      const set = fieldAt(bytes, type.end, attribute.end);
      if (set.start === set.end) continue;
      const known = nameOf(bytes, type, index);
      if (!known.own && !known.keep) continue;
      const values = valuesOf(bytes, set, known.binary);
      if (known.own) mine.set(known.name, values);
      if (!known.keep) continue;
      const before = attributes.get(known.name);
      if (before === undefined) attributes.set(known.name, values);
      else before.push(...values.filter((value) => !before.includes(value)));
      if (known.range?.last !== undefined) {
        ranges ??= [];
        ranges.push({ name: known.name, from: known.range.last + 1 });
      }
    }
    copySynonyms(attributes, synonyms);
    return { attributes, own: mine, ranges: ranges ?? NO_RANGES };
  };
}

/** Those of the names that have synonyms, with them. */
export function synonymsAmong(wanted: ReadonlySet<string>) {
  return [...wanted].flatMap((name) => {
    const others = synonymsOf(name);
    return others.length === 0 ? [] : [{ name, others }];
  });
}

/** Gives an attribute under the name that was asked for where the entry has it under another one. */
export function copySynonyms(
  attributes: Map<string, string[]>,
  synonyms: readonly { readonly name: string; readonly others: readonly string[] }[],
): void {
  for (const { name, others } of synonyms) {
    if (attributes.has(name)) continue;
    for (const other of others) {
      const values = attributes.get(other);
      if (values !== undefined) attributes.set(name, values);
    }
  }
}

function isSpelt(spelling: Buffer, bytes: Buffer, { start, end }: Field): boolean {
  if (spelling.length !== end - start) return false;
  for (let at = 0; at < spelling.length; at += 1) if (spelling[at] !== bytes[start + at]) return false;
  return true;
}

/** What a spelling stands for: `;binary` is an encoding (RFC 4522), `;range=` a part of the values, all else belongs to the name. */
function understand(type: string, wanted: ReadonlySet<string>, own: ReadonlySet<string>): KnownName {
  const [base = '', ...options] = type.toLowerCase().split(';');
  const range = options.map((option) => /^range=\d+-(\d+|\*)$/.exec(option)).find((found) => found !== null);
  const transferred = options.includes('binary');
  const rest = options.filter((option) => option !== 'binary' && !option.startsWith('range='));
  const name = [base, ...rest].join(';');
  return {
    spelling: Buffer.from(type, 'latin1'),
    name,
    keep: wanted.has(name) || wanted.has(base) || synonymsOf(base).some((other) => wanted.has(other)),
    own: own.has(name),
    binary: transferred || binaryAttributes.has(base),
    range: range ? { last: range[1] === '*' ? undefined : Number(range[1]) } : undefined,
  };
}

function valuesOf(bytes: Buffer, set: Field, binary: boolean): string[] {
  const values: string[] = [];
  for (let at = set.start; at < set.end; ) {
    const value = fieldAt(bytes, at, set.end);
    at = value.end;
    const text = bytes.toString(binary ? 'base64' : 'utf8', value.start, value.end);
    // One value that is not UTF-8 makes the whole attribute bytes, so that a list is never half Base64.
    if (!binary && text.includes('\ufffd') && !isUtf8(bytes.subarray(value.start, value.end)))
      return valuesOf(bytes, set, true);
    values.push(text);
  }
  return values;
}
