import type { Problem } from '../lib/errors.js';
import { binaryAttributes } from '../model/attributes.js';
import { normaliseDn } from '../model/dn.js';
import { type LogicalLine, ldifLines } from './ldif-lines.js';

/** One content record of an LDIF file. */
export interface LdifEntry {
  readonly dn: string;
  readonly normalisedDn: string;
  /** All of its attributes by lower-case name; text, or Base64 where binary; no value twice. */
  readonly attributes: Map<string, string[]>;
  /** The line of its dn, from 1. */
  readonly line: number;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const NAME = /^(?:[a-z][a-z0-9_-]*|\d+(?:\.\d+)+)(?:;[a-z0-9-]+)*$/i;

interface Name {
  readonly name: string;
  readonly binary: boolean;
}

/** Reads the entries of an LDIF file (RFC 2849), in batches. What is wrong goes to `report`, and its record is left out. */
export async function* ldifEntries(
  file: string,
  report: (problem: Problem) => void,
): AsyncGenerator<readonly LdifEntry[]> {
  const parser = createParser(file, report);
  for await (const lines of ldifLines(file, report)) {
    const entries: LdifEntry[] = [];
    for (const line of lines) {
      const entry = parser.take(line);
      if (entry !== undefined) entries.push(entry);
    }
    yield entries;
  }
  const last = parser.end();
  if (last !== undefined) yield [last];
}

function createParser(file: string, report: (problem: Problem) => void) {
  const strict = new TextDecoder('utf-8', { fatal: true });
  const names = new Map<string, Name | undefined>();
  let open: { dn: string; normalisedDn: string; line: number; attributes: Map<string, string[]> } | undefined;
  let skipping = false; // the rest of a record that is wrong
  let started = false;

  const wrong = (line: number, message: string, hint?: string) => {
    report({
      severity: 'error',
      code: 'ROLLCALL_ERR_LDIF',
      message,
      ...(hint !== undefined && { hint }),
      file,
      line,
      column: 1,
    });
    skipping = true;
    open = undefined;
  };
  const end = (): LdifEntry | undefined => {
    const entry = open;
    open = undefined;
    skipping = false;
    return entry;
  };
  const nameOf = (spelling: string): Name | undefined => {
    if (!names.has(spelling)) names.set(spelling, understand(spelling));
    return names.get(spelling);
  };
  /** The value behind the colon; undefined where it was wrong, and reported. */
  const readValue = (text: string, colon: number, line: number, binary: boolean): string | undefined => {
    const mark = text.charCodeAt(colon + 1);
    if (mark === 0x3c) {
      wrong(
        line,
        'A value from a URL (":<") is not read: a file of people must not make Rollcall open other files.',
        'Write the value itself, as Base64 behind "::".',
      );
      return undefined;
    }
    if (mark !== 0x3a) {
      const value = text.slice(colon + 1).replace(/^ +/, '');
      return binary ? Buffer.from(value, 'utf8').toString('base64') : value;
    }
    const encoded = text.slice(colon + 2).trim();
    if (!BASE64.test(encoded)) {
      wrong(line, 'The value behind "::" is not Base64.');
      return undefined;
    }
    if (binary) return encoded;
    const bytes = Buffer.from(encoded, 'base64');
    try {
      return strict.decode(bytes);
    } catch {
      return encoded; // bytes of an attribute that Rollcall does not know as binary
    }
  };

  const begin = ({ text, line }: LogicalLine, colon: number) => {
    const name = text.slice(0, colon).toLowerCase();
    if (name === 'version' && !started) {
      if (text.slice(colon + 1).trim() !== '1') wrong(line, 'Only version 1 of LDIF is known.');
      return; // the first record may follow without a blank line
    }
    started = true;
    if (name !== 'dn')
      return wrong(
        line,
        `A record begins with "dn:", not with "${name}:".`,
        name === 'search' || name === 'result' || name === 'ref'
          ? 'Export with "ldapsearch -LLL".'
          : undefined,
      );
    const dn = readValue(text, colon, line, false);
    if (dn === undefined) return;
    const normalisedDn = normaliseDn(dn);
    if (normalisedDn === undefined) return wrong(line, `"${dn}" is no distinguished name.`);
    open = { dn, normalisedDn, line, attributes: new Map() };
  };

  return {
    take(logical: LogicalLine): LdifEntry | undefined {
      const { text, line } = logical;
      if (text === '') return end();
      if (skipping) return undefined;
      const colon = text.indexOf(':');
      if (colon < 1) {
        if (text.trim() === '') return end();
        wrong(line, 'A line is "name: value", "name:: Base64", a comment, or blank.');
        return undefined;
      }
      if (open === undefined) {
        begin(logical, colon);
        return undefined;
      }
      const known = nameOf(text.slice(0, colon));
      if (known === undefined) {
        wrong(line, `"${text.slice(0, colon)}" is no attribute name.`);
        return undefined;
      }
      if (known.name === 'changetype' || (known.name === 'control' && open.attributes.size === 0)) {
        wrong(line, 'The record describes a change, not an entry.', 'Export entries, not changes.');
        return undefined;
      }
      if (known.name === 'dn') {
        wrong(line, 'A second "dn:" in one record: a blank line is missing before it.');
        return undefined;
      }
      const value = readValue(text, colon, line, known.binary);
      if (value === undefined) return undefined;
      const values = open.attributes.get(known.name);
      if (values === undefined) open.attributes.set(known.name, [value]);
      else if (!values.includes(value)) values.push(value);
      return undefined;
    },
    end,
  };
}

/** An attribute description: `;binary` is an encoding (RFC 4522), other options belong to the name. */
function understand(spelling: string): Name | undefined {
  if (!NAME.test(spelling)) return undefined;
  const [base = '', ...options] = spelling.toLowerCase().split(';');
  const rest = options.filter((option) => option !== 'binary');
  return {
    name: [base, ...rest].join(';'),
    binary: rest.length < options.length || binaryAttributes.has(base),
  };
}
