/** The fields of one block, by lower-case name. A field that stands twice is in `repeated` instead. */
export interface FieldBlock {
  readonly fields: ReadonlyMap<string, string>;
  readonly repeated: ReadonlySet<string>;
}

/** Splits a message/delivery-status body (RFC 3464 §2.1) into its blocks: folded lines joined, names lower-cased. */
export function readFieldBlocks(text: string): FieldBlock[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n+/)
    .map(readFields)
    .filter(({ fields }) => fields.size > 0);
}

/** Header fields of one block (RFC 5322 §2.2); a line that is none is passed over. */
export function readFields(block: string): FieldBlock {
  const fields = new Map<string, string>();
  const repeated = new Set<string>();
  const unfolded = block.replace(/\r\n?/g, '\n').replace(/\n[ \t]+/g, ' ');
  for (const line of unfolded.split('\n')) {
    const found = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line);
    const name = found?.[1]?.toLowerCase();
    if (name === undefined) continue;
    if (fields.has(name)) repeated.add(name);
    fields.set(name, (found?.[2] ?? '').trim());
  }
  return { fields, repeated };
}
