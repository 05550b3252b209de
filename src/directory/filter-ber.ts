import { type BerWriter, Filter as LdaptsFilter, SearchFilter, type SearchFilterValues } from 'ldapts';
import type { Filter } from './filter.js';

/**
 * A filter as ldapts sends it. Its own parser of filter strings writes `\ff` as UTF-8, so that GUIDs and escaped umlauts
 * match nobody without a word; this one writes the octets that were asked for.
 */
export function toLdapts(filter: Filter): LdaptsFilter {
  return new OctetFilter(filter);
}

class OctetFilter extends LdaptsFilter {
  readonly type: SearchFilterValues = SearchFilter.and; // never written: write() is overridden below
  readonly #filter: Filter;

  constructor(filter: Filter) {
    super();
    this.#filter = filter;
  }

  override write(writer: BerWriter): void {
    write(writer, this.#filter);
  }

  override toString(): string {
    return this.#filter.kind;
  }
}

const ASSERTIONS = {
  equal: SearchFilter.equalityMatch,
  greaterOrEqual: SearchFilter.greaterOrEqual,
  lessOrEqual: SearchFilter.lessOrEqual,
  approx: SearchFilter.approxMatch,
} as const;
const OCTET_STRING = 0x04;

/** RFC 4511 §4.5.1.7, in BER. */
function write(writer: BerWriter, filter: Filter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      writer.startSequence(SearchFilter[filter.kind]);
      for (const child of filter.filters) write(writer, child);
      writer.endSequence();
      return;
    case 'not':
      writer.startSequence(SearchFilter.not);
      write(writer, filter.filter);
      writer.endSequence();
      return;
    case 'present':
      writer.writeString(filter.attribute, SearchFilter.present);
      return;
    case 'substrings':
      writer.startSequence(SearchFilter.substrings);
      writer.writeString(filter.attribute);
      writer.startSequence();
      if (filter.initial) writer.writeBuffer(filter.initial, 0x80);
      for (const part of filter.any) writer.writeBuffer(part, 0x81);
      if (filter.final) writer.writeBuffer(filter.final, 0x82);
      writer.endSequence();
      writer.endSequence();
      return;
    case 'extensible':
      writer.startSequence(SearchFilter.extensibleMatch);
      if (filter.rule !== undefined) writer.writeString(filter.rule, 0x81);
      if (filter.attribute !== undefined) writer.writeString(filter.attribute, 0x82);
      writer.writeBuffer(filter.value, 0x83);
      if (filter.dn) writer.writeBoolean(true, 0x84);
      writer.endSequence();
      return;
    default:
      writer.startSequence(ASSERTIONS[filter.kind]);
      writer.writeString(filter.attribute);
      writer.writeBuffer(filter.value, OCTET_STRING);
      writer.endSequence();
  }
}
