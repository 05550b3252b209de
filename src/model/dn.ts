/** Separators and escapes that need the slow way; most names have none of them. */
const NOT_PLAIN = /[\\"+;#<>]|^\s|\s$|\s\s|\s[,=]|[,=]\s/;
const HEX_PAIR = /^[0-9a-f]{2}$/i;

/**
 * A distinguished name (RFC 4514) in one canonical form, so that two spellings of the same name are equal strings: lower
 * case, no blanks around separators, single blanks within values, multi-valued RDNs sorted, special characters as `\hh`.
 * @returns undefined where the text is no distinguished name.
 */
export function normaliseDn(text: string): string | undefined {
  if (text === '') return '';
  if (!NOT_PLAIN.test(text)) {
    const lower = text.normalize('NFC').toLowerCase();
    for (const rdn of lower.split(',')) if (rdn.indexOf('=') < 1) return undefined;
    return lower;
  }
  const rdns = parseRdns(text);
  return rdns
    ?.map((rdn) =>
      rdn
        .map(({ type, value }) => `${type}=${canonicalValue(value)}`)
        .sort()
        .join('+'),
    )
    .join(',');
}

/** True where the entry `dn` is `base` or lies below it; both normalised. */
export function isWithin(dn: string, base: string): boolean {
  // Commas within values are `\2c` in the canonical form, so the one tested for is a separator.
  return base === '' || dn === base || dn.endsWith(`,${base}`);
}

interface TypeAndValue {
  readonly type: string;
  readonly value: string;
}

function parseRdns(text: string): TypeAndValue[][] | undefined {
  const rdns: TypeAndValue[][] = [[]];
  let at = 0;
  for (;;) {
    const equals = text.indexOf('=', at);
    if (equals < 0) return undefined;
    const type = text.slice(at, equals).trim().toLowerCase();
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(type)) return undefined;
    const read = readValue(text, equals + 1);
    if (read === undefined) return undefined;
    rdns.at(-1)?.push({ type, value: read.value });
    if (read.end >= text.length) return rdns;
    if (text[read.end] !== '+') rdns.push([]);
    at = read.end + 1;
  }
}

/** One attribute value with its escapes undone; `end` is at the separator behind it, or at the end of the text. */
function readValue(text: string, start: number): { value: string; end: number } | undefined {
  let at = start;
  while (text[at] === ' ') at++;
  const quoted = text[at] === '"'; // RFC 2253 §4: older producers quote
  if (quoted) at++;
  const bytes: Buffer[] = [];
  let keep = 0; // length up to the last character that is not a trailing blank
  let length = 0;
  const push = (chunk: Buffer, blank: boolean) => {
    bytes.push(chunk);
    length += chunk.length;
    if (!blank) keep = length;
  };
  let closed = !quoted;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\\') {
      const pair = text.slice(at + 1, at + 3);
      if (HEX_PAIR.test(pair)) {
        push(Buffer.from(pair, 'hex'), false);
        at += 3;
      } else {
        if (at + 1 >= text.length) return undefined;
        push(Buffer.from(text.charAt(at + 1), 'utf8'), false);
        at += 2;
      }
      continue;
    }
    if (quoted && !closed && char === '"') {
      closed = true;
      keep = length;
      at++;
      while (text[at] === ' ') at++;
      break;
    }
    if (!quoted && (char === ',' || char === '+' || char === ';')) break;
    const code = text.codePointAt(at) ?? 0;
    const whole = String.fromCodePoint(code);
    push(Buffer.from(whole, 'utf8'), char === ' ' && !quoted);
    at += whole.length;
  }
  if (!closed) return undefined;
  if (quoted && at < text.length && !/[,+;]/.test(text.charAt(at))) return undefined;
  return { value: Buffer.concat(bytes).subarray(0, keep).toString('utf8'), end: at };
}

function canonicalValue(value: string): string {
  return value
    .normalize('NFC')
    .toLowerCase()
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\\",+;<>=#]/g, (special) => `\\${special.charCodeAt(0).toString(16)}`);
}
