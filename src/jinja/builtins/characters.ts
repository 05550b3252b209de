/** What str.isspace() and str.strip() take for white space; JavaScript's trim() takes U+FEFF too, and not U+001C. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const LEADING = new RegExp(`^[${SPACE}]+`, 'u');
const TRAILING = new RegExp(`[${SPACE}]+$`, 'u');
const RUNS = new RegExp(`[${SPACE}]+`, 'u');

export type Side = 'both' | 'left' | 'right';

/** Python's strip, lstrip and rstrip. */
export function strip(text: string, side: Side, characters?: string): string {
  if (characters === undefined) {
    const left = side === 'right' ? text : text.replace(LEADING, '');
    return side === 'left' ? left : left.replace(TRAILING, '');
  }
  const set = new Set(characters);
  const all = Array.from(text);
  let start = 0;
  let end = all.length;
  if (side !== 'right') while (start < end && set.has(all[start] ?? '')) start++;
  if (side !== 'left') while (end > start && set.has(all[end - 1] ?? '')) end--;
  return all.slice(start, end).join('');
}

/** Python's split() without a separator: at runs of white space, none at the ends. */
export function words(text: string): string[] {
  return text.split(RUNS).filter((word) => word !== '');
}

/** Digraphs have a title case of their own, which JavaScript does not know. */
const DIGRAPHS: Readonly<Record<string, string>> = {
  Ǆ: 'ǅ',
  ǅ: 'ǅ',
  ǆ: 'ǅ',
  Ǉ: 'ǈ',
  ǈ: 'ǈ',
  ǉ: 'ǈ',
  Ǌ: 'ǋ',
  ǋ: 'ǋ',
  ǌ: 'ǋ',
  Ǳ: 'ǲ',
  ǲ: 'ǲ',
  ǳ: 'ǲ',
};

/** The title case of one character (Unicode's Titlecase_Mapping). */
export function titleChar(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const digraph = DIGRAPHS[char];
  if (digraph !== undefined) return digraph;
  if (code >= 0x10d0 && code <= 0x10ff) return char; // Georgian has no title case
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8); // Greek with iota subscript
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCodePoint(code + 9);
  const upper = Array.from(char.toUpperCase());
  if (char === 'ŉ') return 'ʼN';
  if (upper.length === 1) return upper[0] ?? '';
  // ß → Ss, ﬁ → Fi; combining marks (ǰ, ΐ) have no lower case and stay.
  return (upper[0] ?? '') + upper.slice(1).join('').toLowerCase();
}

/** One character of a text in lower case: a sigma is final by what stands around it. */
export function lowerAt(all: readonly string[], index: number): string {
  const char = all[index] ?? '';
  if (char !== 'Σ') return char.toLowerCase();
  const before = all.slice(0, index).join('');
  const lowered = (before + char + all.slice(index + 1).join('')).toLowerCase();
  return lowered.charAt(before.toLowerCase().length);
}

/** Python's capitalize(). */
export function capitalize(text: string): string {
  const first = Array.from(text)[0];
  if (first === undefined) return '';
  // The whole is lowered first: whether a sigma is final depends on what stands before it.
  return titleChar(first) + text.toLowerCase().slice(first.toLowerCase().length);
}
