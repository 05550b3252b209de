import { fold } from './fold.js';

/**
 * Distinguished names for matching: separators become noncharacters of Unicode, which no value holds, so that a glob over the result
 * cannot take an escaped comma for the end of an RDN, and `?` is one character of the value, escaped or not.
 */
const SEPARATORS: Readonly<Record<string, string>> = {
  ',': '\ufdd0',
  ';': '\ufdd0',
  '+': '\ufdd1',
  '=': '\ufdd2',
};
/** In a pattern: what stood there as a wildcard, and not as an escaped star or question mark. */
const WILDCARDS: Readonly<Record<string, string>> = { '*': '\ufdd3', '?': '\ufdd4' };
const RESERVED = /[\ufdd0-\ufdd4]/g;
const BLANKS_AT_SEPARATOR = / *([\ufdd0-\ufdd2]) */g;

/** Escapes, quotes, blanks and the like; most names have none, and people are in hundreds of groups. */
const NOT_PLAIN = /[\\"+;\ufdd0-\ufdd4]|^ | $| {2}| [,=]|[,=] |=[^,]*=/;

/** {@link dnText} without regard to case. */
export function foldedDn(dn: string): string {
  return NOT_PLAIN.test(dn) ? fold(dnText(dn)) : fold(dn).replaceAll(',', '\ufdd0').replaceAll('=', '\ufdd2');
}

/** A DN as a directory gives it (RFC 4514, and the quotes of RFC 2253), ready to be compared. Case is left alone. */
function dnText(dn: string): string {
  return canonical(dn, false);
}

/** The same for a glob over a DN; its wildcards are to be split off with {@link splitWildcards}. */
export function dnGlobText(glob: string): string {
  return canonical(glob, true);
}

/** The parts of a {@link dnGlobText}, with `*` and `?` where the wildcards are. */
export function splitWildcards(
  text: string,
): { readonly text?: string; readonly wildcard?: 'any' | 'one' }[] {
  return text
    .split(/([\ufdd3\ufdd4])/)
    .filter((part) => part !== '')
    .map((part) =>
      part === '\ufdd3' ? { wildcard: 'any' } : part === '\ufdd4' ? { wildcard: 'one' } : { text: part },
    );
}

/** A {@link dnText} as RFC 4514 writes it: what a regular expression sees. */
export function dnString(dn: string): string {
  return dnText(dn)
    .replace(/[\\",+;<>]/g, '\\$&')
    .replaceAll('\ufdd0', ',')
    .replaceAll('\ufdd1', '+')
    .replaceAll('\ufdd2', '=');
}

function canonical(text: string, wildcards: boolean): string {
  const rdns = decode(text, wildcards).replace(BLANKS_AT_SEPARATOR, '$1').trim().replace(/ {2,}/g, ' ');
  return rdns.split('\ufdd0').map(canonicalRdn).join('\ufdd0');
}

/** Attribute types are case-insensitive (RFC 4512 §2.5); the parts of a multi-valued RDN have no order (RFC 4514 §2.2). */
function canonicalRdn(rdn: string): string {
  const parts = rdn.split('\ufdd1').map((part) => {
    const equals = part.indexOf('\ufdd2');
    return equals === -1
      ? part
      : part.slice(0, equals).toLowerCase() +
          part.slice(equals).replaceAll('\ufdd2', '=').replace('=', '\ufdd2');
  });
  return parts.sort().join('\ufdd1');
}

/** Escapes and quotes undone, separators and wildcards marked. */
function decode(text: string, wildcards: boolean): string {
  let result = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') {
      const bytes = /^(?:\\[0-9a-f]{2})+/i.exec(text.slice(at))?.[0];
      if (bytes === undefined) {
        result += text.charAt(at + 1);
        at += 1;
      } else {
        // Escaped pairs are UTF-8 (RFC 4514 §2.4), so that neighbours are one character.
        result += Buffer.from(bytes.replaceAll('\\', ''), 'hex').toString('utf8').replace(RESERVED, '\ufffd');
        at += bytes.length - 1;
      }
    } else if (char === '"') quoted = !quoted;
    else if (wildcards && WILDCARDS[char] !== undefined) result += WILDCARDS[char];
    else if (!quoted && SEPARATORS[char] !== undefined) result += SEPARATORS[char];
    else result += char.replace(RESERVED, '\ufffd');
  }
  return result;
}
