// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII, control characters too
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Text without the differences of case and of composed characters: Unicode's full case folding after NFC, so that ß is ss
 * and a final ς is σ. Only ı stays apart from i, as in CaseFolding.txt without the Turkic rows.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize('NFC')
    .split('ı')
    .map((part) => part.toLowerCase().toUpperCase().toLowerCase())
    .join('ı')
    .normalize('NFC');
}

/** What two aliases have in common when they would be the same device: see {@link fold}. */
export function foldAlias(alias: string): string {
  return fold(alias);
}
