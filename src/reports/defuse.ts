/**
 * What makes a spreadsheet take a cell for a formula, when it comes first (OWASP ASVS 1.2.10, CWE-1236): the four
 * signs, their fullwidth forms, which some spreadsheets fold into them, and the control characters that are dropped
 * before one looks.
 */
const DANGEROUS = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** Puts an apostrophe before a text that a spreadsheet would run, which then shows it as it is. */
export function defuse(text: string): string {
  return DANGEROUS.test(text) ? `'${text}` : text;
}
