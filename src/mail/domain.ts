import { domainToASCII } from 'node:url';

/** A host name as DNS knows it (RFC 5321 §2.3.5): letters, digits and inner hyphens, labels of at most 63. */
const ASCII_DOMAIN =
  /^(?!.{254})[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** What may stand in an internationalised name before it is mapped. Only the ASCII dot separates labels. */
const UNICODE_DOMAIN = /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)*$/u;

/**
 * The one spelling under which a domain is compared and written to: lower-case A-labels (IDNA, UTS 46), or undefined
 * where it is none. `domainToASCII` alone is not enough: it cuts at "#", takes a trailing dot and reads IPv4 numbers.
 */
export function normaliseDomain(domain: string): string | undefined {
  const lower = domain.toLowerCase();
  const isPlain = ASCII_DOMAIN.test(lower) && !lower.includes('xn--');
  const ascii = isPlain ? lower : UNICODE_DOMAIN.test(domain) ? domainToASCII(domain).toLowerCase() : '';
  if (!ASCII_DOMAIN.test(ascii)) return undefined;
  // a last label of digits alone is an address, not a name (RFC 1123 §2.1)
  return /(?:^|\.)\d+$/.test(ascii) ? undefined : ascii;
}

/** "corp.example" or "*.corp.example" with the domain in its one spelling, or undefined where it is neither. */
export function normaliseDomainPattern(pattern: string): string | undefined {
  const isWild = pattern.startsWith('*.');
  const domain = normaliseDomain(isWild ? pattern.slice(2) : pattern);
  return domain && (isWild ? `*.${domain}` : domain);
}

/** Whether a domain in its one spelling is the pattern's, or for "*." anywhere below it (never it itself). */
export function domainMatches(domain: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? domain.endsWith(pattern.slice(1)) : domain === pattern;
}
