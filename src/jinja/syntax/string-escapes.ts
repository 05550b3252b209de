import { type Place, TemplateSyntaxError } from './tokens.js';

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What a string literal means in Python. An escape that Python does not know stays as it is: '\d' is two characters. */
export function unescapeString(text: string, place: Place): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (
      all,
      x: string | undefined,
      u: string | undefined,
      long: string | undefined,
      octal: string | undefined,
      char = '',
    ) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const hex = x ?? u ?? long;
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        if (code > 0x10ffff) throw new TemplateSyntaxError(`there is no character ${all}`, place);
        return String.fromCodePoint(code);
      }
      if (char === 'N') {
        throw new TemplateSyntaxError('characters are not known by name here', place, {
          hint: 'Write the character itself.',
        });
      }
      if (char === 'x' || char === 'u' || char === 'U') {
        throw new TemplateSyntaxError(`the escape \\${char} is cut short`, place, {
          hint: 'Double the backslash where it is meant literally.',
        });
      }
      return SIMPLE[char] ?? all;
    },
  );
}
