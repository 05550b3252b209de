/** A search filter (RFC 4511 §4.5.1.7). Values are bytes, since an assertion may be any octets (`\ff`). */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'equal' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';
      readonly attribute: string;
      readonly value: Buffer;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial: Buffer | undefined;
      readonly any: readonly Buffer[];
      readonly final: Buffer | undefined;
    }
  | {
      readonly kind: 'extensible';
      readonly attribute: string | undefined;
      readonly rule: string | undefined;
      /** Whether the attributes of the DN count too (`:dn:`). */
      readonly dn: boolean;
      readonly value: Buffer;
    };

/** A filter that is no filter: what is wrong, and the place in the text, counted from 0. */
class FilterSyntaxError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} (at character ${at + 1})`);
    this.at = at;
  }
}

/** Deeper than any filter a person writes, and well within the stack. */
const MAX_DEPTH = 100;
const ATTRIBUTE = /(?:[a-z][a-z0-9_-]*|\d+(?:\.\d+)*)(?:;[a-z0-9-]+)*/iy;
const RULE = /[a-z0-9][a-z0-9._-]*/iy;

/**
 * Reads a filter string (RFC 4515). Blanks and line breaks between filters are allowed, for filters folded over several
 * lines of YAML, and the outermost brackets may be left out, as everyone's tools have it.
 * @throws FilterSyntaxError
 */
export function parseFilter(text: string): Filter {
  const reader = new FilterReader(text);
  reader.blanks();
  const bare = reader.peek() !== '(';
  const filter = bare ? reader.item(0) : reader.filter(0);
  reader.blanks();
  reader.expectEnd();
  return filter;
}

class FilterReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    return this.#text.charAt(this.#at);
  }

  blanks(): void {
    while (/\s/.test(this.peek())) this.#at++;
  }

  expectEnd(): void {
    if (this.#at < this.#text.length)
      throw this.#wrong(this.peek() === ')' ? 'There is a ")" too many' : 'There is text behind the filter');
  }

  filter(depth: number): Filter {
    if (depth > MAX_DEPTH) throw this.#wrong(`The filter is nested more than ${MAX_DEPTH} deep`);
    if (this.peek() === '') throw this.#wrong('A filter is missing here, or a ")" is missing');
    if (this.peek() !== '(') throw this.#wrong(`A "(" is expected here, not "${this.peek()}"`);
    this.#at++;
    this.blanks();
    const filter = this.#inner(depth);
    this.blanks();
    if (this.peek() !== ')') throw this.#wrong('A ")" is missing');
    this.#at++;
    return filter;
  }

  #inner(depth: number): Filter {
    const operator = this.peek();
    if (operator === '&' || operator === '|') {
      this.#at++;
      const filters: Filter[] = [];
      for (this.blanks(); this.peek() !== ')' && this.peek() !== ''; this.blanks())
        filters.push(this.filter(depth + 1));
      return { kind: operator === '&' ? 'and' : 'or', filters };
    }
    if (operator === '!') {
      this.#at++;
      this.blanks();
      return { kind: 'not', filter: this.filter(depth + 1) };
    }
    return this.item(depth);
  }

  item(_depth: number): Filter {
    const attribute = this.#match(ATTRIBUTE)?.toLowerCase();
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (this.peek() === ':') return this.#extensible(attribute);
    if (attribute === undefined)
      throw this.#wrong(
        this.peek() === ')' ? 'The brackets are empty' : 'An attribute name is expected here',
      );
    if (rest.startsWith('=')) {
      this.#at++;
      return this.#equalOrSubstrings(attribute);
    }
    const kind = ({ '>=': 'greaterOrEqual', '<=': 'lessOrEqual', '~=': 'approx' } as const)[rest];
    if (kind === undefined) throw this.#wrong(`"=" is expected behind "${attribute}"`);
    this.#at += 2;
    return { kind, attribute, value: this.#value() };
  }

  #equalOrSubstrings(attribute: string): Filter {
    const parts = [this.#value()];
    while (this.peek() === '*') {
      this.#at++;
      parts.push(this.#value());
    }
    const [first = Buffer.alloc(0), ...others] = parts;
    const last = others.pop();
    if (last === undefined) return { kind: 'equal', attribute, value: first };
    const filled = (part: Buffer) => (part.length > 0 ? part : undefined);
    const any = others.filter((part) => part.length > 0);
    const initial = filled(first);
    const final = filled(last);
    if (initial === undefined && final === undefined && any.length === 0)
      return { kind: 'present', attribute };
    return { kind: 'substrings', attribute, initial, any, final };
  }

  #extensible(attribute: string | undefined): Filter {
    let dn = false;
    let rule: string | undefined;
    while (this.peek() === ':' && this.#text.charAt(this.#at + 1) !== '=') {
      this.#at++;
      const word = this.#match(RULE);
      if (word === undefined || rule !== undefined) throw this.#wrong('":=" is expected here');
      if (word.toLowerCase() === 'dn' && !dn) dn = true;
      else rule = word;
    }
    if (this.#text.slice(this.#at, this.#at + 2) !== ':=') throw this.#wrong('":=" is expected here');
    this.#at += 2;
    if (attribute === undefined && rule === undefined)
      throw this.#wrong('An extensible match needs an attribute or a matching rule');
    return { kind: 'extensible', attribute, rule, dn, value: this.#value() };
  }

  /** The octets up to an asterisk, a closing bracket or the end. */
  #value(): Buffer {
    const bytes: Buffer[] = [];
    let plain = this.#at;
    const flush = () => {
      if (this.#at > plain) bytes.push(Buffer.from(this.#text.slice(plain, this.#at), 'utf8'));
    };
    for (let char = this.peek(); char !== '' && char !== '*' && char !== ')'; char = this.peek()) {
      if (char === '(') throw this.#wrong('A "(" within a value is written \\28');
      if (char === '\\') {
        flush();
        const pair = this.#text.slice(this.#at + 1, this.#at + 3);
        if (!/^[0-9a-f]{2}$/i.test(pair))
          throw this.#wrong('A "\\" is followed by two hex digits; by itself it is written \\5c');
        bytes.push(Buffer.from(pair, 'hex'));
        this.#at += 3;
        plain = this.#at;
      } else {
        this.#at++;
      }
    }
    flush();
    return Buffer.concat(bytes);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #wrong(message: string): FilterSyntaxError {
    return new FilterSyntaxError(message, this.#at);
  }
}
