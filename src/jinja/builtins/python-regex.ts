import { LimitError, valueError } from '../errors.js';
import { SPACE } from './characters.js';

/**
 * Python's `re` in JavaScript's words. JavaScript has `\d`, `\w`, `\s` and `\b` for ASCII only, another `$` and `.`, no
 * `\A` and `\Z`, and other names for groups; each is written out here, so that nothing of JavaScript's own meaning is left.
 */

const WORD = '\\p{L}\\p{N}_';
const CLASSES: Readonly<Record<string, readonly [unicode: string, ascii: string]>> = {
  d: ['\\p{Nd}', '0-9'],
  w: [WORD, 'A-Za-z0-9_'],
  s: [SPACE, '\\t-\\r\\x20'],
};
const CONTROL: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const QUANTIFIER = /^\{(\d*)(,?)(\d*)\}/;
/** Without the flag `m` these two are the ends of the text and nothing else. */
const START = '(?:^)';
const END = '(?:$)';

interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  ascii: boolean;
  verbose: boolean;
}

const refuse = (what: string) => valueError(`the regular expression ${what}`);

/** How many patterns are kept compiled. */
const MAX_KEPT = 500;

/** Compiles patterns of Python's, each once; without the flag `g`, so that they keep no state. */
export function createPatterns(): (pattern: string) => RegExp {
  const kept = new Map<string, RegExp>();
  return (pattern) => {
    const known = kept.get(pattern);
    if (known !== undefined) return known;
    const regex = compilePattern(pattern);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(pattern, regex);
    return regex;
  };
}

function compilePattern(pattern: string): RegExp {
  if (pattern.length > 10_000) throw new LimitError('a regular expression of more than 10,000 characters');
  const flags: Flags = { ignoreCase: false, multiline: false, dotAll: false, ascii: false, verbose: false };
  const source = new Translator(takeFlags(pattern, flags), flags).translate();
  try {
    return new RegExp(source, flags.ignoreCase ? 'iv' : 'v');
  } catch {
    throw refuse('is not one that Python or JavaScript can read');
  }
}

/** `(?i)` at the start. */
function takeFlags(pattern: string, flags: Flags): string {
  const found = /^\(\?([aimsux]+)\)/.exec(pattern);
  if (!found) return pattern;
  for (const flag of found[1] ?? '') {
    if (flag === 'i') flags.ignoreCase = true;
    if (flag === 'm') flags.multiline = true;
    if (flag === 's') flags.dotAll = true;
    if (flag === 'a') flags.ascii = true;
    if (flag === 'x') flags.verbose = true;
  }
  return takeFlags(pattern.slice(found[0].length), flags);
}

class Translator {
  readonly #pattern: string;
  readonly #flags: Flags;
  readonly #groups: number;
  #at = 0;

  constructor(pattern: string, flags: Flags) {
    this.#pattern = pattern;
    this.#flags = flags;
    this.#groups = (pattern.match(/(?<!\\)(?:\\\\)*\((?!\?(?!P<))/g) ?? []).length;
  }

  translate(): string {
    let out = '';
    while (this.#at < this.#pattern.length) out += this.#next();
    return out;
  }

  #rest(): string {
    return this.#pattern.slice(this.#at);
  }

  #take(): string {
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #next(): string {
    const { multiline, dotAll, verbose } = this.#flags;
    const char = this.#take();
    switch (char) {
      case '\\':
        return this.#escape();
      case '[':
        return this.#set();
      case '(':
        return this.#group();
      case '^':
        return multiline ? '(?<![^\\n])' : START;
      case '$':
        return multiline ? '(?![^\\n])' : `(?=\\n?${END})`;
      case '.':
        return dotAll ? '[\\s\\S]' : '[^\\n]';
      case '*':
      case '+':
      case '?':
        return this.#quantified(char);
      case '{': {
        const [all, least = '', comma = '', most = ''] = QUANTIFIER.exec(`{${this.#rest()}`) ?? [];
        if (all === undefined || (least === '' && most === '')) return '\\{';
        this.#at += all.length - 1;
        return this.#quantified(`{${least || '0'}${comma}${most}}`);
      }
      case ')':
      case '|':
        return char;
      case '#':
        if (!verbose) return literal(char);
        while (this.#at < this.#pattern.length && this.#take() !== '\n');
        return '';
      default:
        return verbose && /\s/.test(char) ? '' : literal(char);
    }
  }

  #quantified(quantifier: string): string {
    const mark = this.#pattern[this.#at];
    if (mark === '+') throw refuse('uses a possessive quantifier, which is not there');
    if (mark !== '?') return quantifier;
    this.#at++;
    return `${quantifier}?`;
  }

  #group(): string {
    if (this.#pattern[this.#at] !== '?') return '(';
    const rest = this.#rest();
    const plain = /^\?(?::|=|!|<=|<!)/.exec(rest)?.[0];
    if (plain !== undefined) {
      this.#at += plain.length;
      return `(${plain}`;
    }
    const named = /^\?P<([\p{L}_][\p{L}\p{N}_]*)>/u.exec(rest);
    if (named) {
      this.#at += named[0].length;
      return `(?<${named[1]}>`;
    }
    const back = /^\?P=([\p{L}_][\p{L}\p{N}_]*)\)/u.exec(rest);
    if (back) {
      this.#at += back[0].length;
      return `(?:\\k<${back[1]}>)`;
    }
    const comment = /^\?#[^)]*\)/.exec(rest)?.[0];
    if (comment === undefined) throw refuse(`uses (${rest.slice(0, 2)}, which is not there`);
    this.#at += comment.length;
    return '';
  }

  #escape(): string {
    if (this.#at >= this.#pattern.length) throw refuse('ends with a backslash');
    const { ascii } = this.#flags;
    const number = /^[1-9][0-9]?/.exec(this.#rest())?.[0];
    if (number !== undefined) {
      if (Number(number) > this.#groups) throw refuse('refers to a group that it does not have');
      this.#at += number.length;
      return `(?:\\${number})`;
    }
    const char = this.#take();
    const lower = char.toLowerCase();
    const word = `[${ascii ? CLASSES['w']?.[1] : WORD}]`;
    if (char === 'A') return START;
    if (char === 'Z') return END;
    if (char === 'b') return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    if (char === 'B') return `(?!^$)(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
    const range = CLASSES[lower]?.[ascii ? 1 : 0];
    if (range !== undefined) return `[${char === lower ? '' : '^'}${range}]`;
    return literal(this.#character(char));
  }

  /** The character that an escape stands for. */
  #character(char: string): string {
    const digits = { x: 2, u: 4, U: 8 }[char];
    if (digits !== undefined) {
      const hex = this.#pattern.slice(this.#at, this.#at + digits);
      if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex))
        throw refuse(`has an escape \\${char} that is cut short`);
      const code = Number.parseInt(hex, 16);
      if (code > 0x10ffff) throw refuse('names a character that does not exist');
      this.#at += digits;
      return String.fromCodePoint(code);
    }
    if (char === '0') {
      const octal = /^[0-7]{0,2}/.exec(this.#rest())?.[0] ?? '';
      this.#at += octal.length;
      return String.fromCodePoint(Number.parseInt(`0${octal}`, 8));
    }
    const control = CONTROL[char];
    if (control !== undefined) return control;
    if (/[A-Za-z0-9]/.test(char)) throw refuse(`has an escape \\${char} that Python does not know`);
    return char;
  }

  #set(): string {
    let out = '[';
    if (this.#pattern[this.#at] === '^') {
      this.#at++;
      out += '^';
    }
    for (let first = true; ; first = false) {
      if (this.#at >= this.#pattern.length) throw refuse('has a [ that is never closed');
      if (this.#pattern[this.#at] === ']' && !first) {
        this.#at++;
        return `${out}]`;
      }
      const start = this.#member();
      const dash = this.#pattern[this.#at] === '-' && (this.#pattern[this.#at + 1] ?? ']') !== ']';
      if (!dash) {
        out += start.set ?? literal(start.char);
        continue;
      }
      this.#at++;
      const end = this.#member();
      if (start.set !== undefined || end.set !== undefined)
        throw refuse('has a range that begins or ends with a class');
      out += `${literal(start.char)}-${literal(end.char)}`;
    }
  }

  #member(): { readonly char: string; readonly set?: string } {
    const char = this.#take();
    if (char !== '\\') return { char };
    const escaped = this.#take();
    const lower = escaped.toLowerCase();
    const range = CLASSES[lower]?.[this.#flags.ascii ? 1 : 0];
    if (range !== undefined) return { char: escaped, set: `[${escaped === lower ? '' : '^'}${range}]` };
    return { char: escaped === 'b' ? '\b' : this.#character(escaped) };
  }
}

/** A character that means itself, in a set as well as outside of one. */
function literal(char: string): string {
  return /[A-Za-z0-9]/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Python's re.sub(pattern, replacement, text). */
export function substitute(pattern: RegExp, replacement: string, text: string): string {
  const parts = parseReplacement(replacement);
  return text.replace(new RegExp(pattern.source, `${pattern.flags}g`), (...match: unknown[]) => {
    const last = match.at(-1);
    // String.replace gives the match, its groups, the offset, the text, and the named groups where there are any.
    const named = typeof last === 'object' ? (last as Record<string, string | undefined>) : {};
    const groups = match.slice(0, typeof last === 'object' ? -3 : -2);
    // V8 finds empty matches of a lookaround between the two halves of a character, where Python has no place at all.
    const offset = Number(match[groups.length]);
    if (
      groups[0] === '' &&
      /[\ud800-\udbff]/.test(text.charAt(offset - 1)) &&
      /[\udc00-\udfff]/.test(text.charAt(offset))
    )
      return '';
    return parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const { group } = part;
        if (typeof group === 'number' ? group >= groups.length : !Object.hasOwn(named, group)) {
          throw valueError(
            'pex_regex_replace: the replacement refers to a group that the pattern does not have',
          );
        }
        const found = typeof group === 'number' ? groups[group] : named[group];
        return typeof found === 'string' ? found : '';
      })
      .join('');
  });
}

type Part = string | { readonly group: number | string };

/** The texts and groups of a replacement: `\1`, `\g<1>`, `\g<name>`, `\n`. */
function parseReplacement(text: string): Part[] {
  const parts: Part[] = [];
  const token = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[0-3][0-7]{2})|([1-9][0-9]?)|([\s\S])|$)/gu;
  let at = 0;
  for (const found of text.matchAll(token)) {
    parts.push(text.slice(at, found.index));
    at = found.index + found[0].length;
    const [, name, octal, number, char] = found;
    if (name !== undefined) parts.push({ group: /^\d+$/.test(name) ? Number(name) : name });
    else if (octal !== undefined) parts.push(String.fromCodePoint(Number.parseInt(octal, 8)));
    else if (number !== undefined) parts.push({ group: Number(number) });
    else parts.push(escaped(char));
  }
  parts.push(text.slice(at));
  return parts;
}

function escaped(char: string | undefined): string {
  if (char === '\\') return '\\';
  if (char === 'b') return '\b';
  const control = char === undefined ? undefined : CONTROL[char];
  if (control !== undefined) return control;
  if (char === undefined || /[A-Za-z]/.test(char)) {
    throw valueError(
      `pex_regex_replace: the replacement has an escape \\${char ?? ''} that Python does not know`,
    );
  }
  return `\\${char}`;
}
