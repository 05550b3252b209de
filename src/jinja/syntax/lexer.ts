import { unescapeString } from './string-escapes.js';
import { type Place, TemplateSyntaxError, type Token, type TokenType } from './tokens.js';

const TAG = /\{%[-+]?|\{\{[-+]?|\{#[-+]?/g;
const RAW = /\{%[-+]?\s*raw\s*(-%\}\s*|%\})/y;
const END_RAW = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g;
const END_COMMENT = /\+#\}|-#\}\s*|#\}/g;
const BLOCK_END = /\+%\}|-%\}\s*|%\}/y;
const VARIABLE_END = /-\}\}\s*|\}\}/y;

/** In this order, as in Jinja2's lexer. */
const INSIDE: readonly (readonly [TokenType | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['float', /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy],
  ['int', /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy],
  ['symbol', /[\p{ID_Start}_][\p{ID_Continue}]*/uy],
  ['string', /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y],
  ['operator', /\/\/|\*\*|==|!=|>=|<=|[-+*/%~[\](){}<>=.:|,;]/y],
];

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The tokens of a template, as Jinja2 2.x and 3.x read it: white-space control, raw blocks, comments, numbers, strings. */
export function tokenize(template: string): readonly Token[] {
  // Jinja2 knows one kind of line end, and drops the last one of the file.
  const source = template.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const placeOf = placer(source);
  const tokens: Token[] = [];
  const push = (type: TokenType, value: string, at: number): void => {
    tokens.push({ type, value, ...placeOf(at) });
  };
  const data = (from: number, to: number, tag: string): void => {
    const text = source.slice(from, to);
    const kept = tag.endsWith('-') ? text.trimEnd() : text;
    if (kept !== '') push('data', kept, from);
  };
  let position = 0;
  for (;;) {
    TAG.lastIndex = position;
    const found = TAG.exec(source);
    if (found === null) {
      data(position, source.length, '');
      return tokens;
    }
    const [tag] = found;
    const start = found.index;
    data(position, start, tag);
    const after = start + tag.length;
    const raw = match(RAW, source, start);
    if (raw !== undefined) {
      const begin = start + raw.length;
      END_RAW.lastIndex = begin;
      const end = END_RAW.exec(source);
      if (end === null)
        throw new TemplateSyntaxError('{% raw %} is never closed', placeOf(start), closeWith('{% endraw %}'));
      data(begin, end.index, end[1] ?? '');
      position = end.index + end[0].length;
    } else if (tag.startsWith('{#')) {
      END_COMMENT.lastIndex = after;
      const end = END_COMMENT.exec(source);
      if (end === null)
        throw new TemplateSyntaxError('the comment {# is never closed', placeOf(start), closeWith('#}'));
      position = end.index + end[0].length;
    } else {
      const variable = tag.startsWith('{{');
      push(variable ? 'variable-start' : 'block-start', tag, start);
      position = inside(source, after, start, variable, push, placeOf);
    }
  }
}

const closeWith = (end: string) => ({ hint: `Close it with ${end}.` });

/** Reads one tag up to its end; gives the position after it. */
function inside(
  source: string,
  from: number,
  start: number,
  variable: boolean,
  push: (type: TokenType, value: string, at: number) => void,
  placeOf: (at: number) => Place,
): number {
  const open: { readonly close: string; readonly at: number }[] = [];
  let position = from;
  for (;;) {
    const end = open.length === 0 ? match(variable ? VARIABLE_END : BLOCK_END, source, position) : undefined;
    if (end !== undefined) {
      push(variable ? 'variable-end' : 'block-end', end, position);
      return position + end.length;
    }
    if (position >= source.length)
      throw neverClosed(variable, placeOf(open.at(-1)?.at ?? start), open.at(-1)?.close);
    const [type, text] = next(source, position) ?? [];
    if (type === undefined || text === undefined) throw strange(source, position, placeOf);
    if (type === 'operator') {
      const close = CLOSES[text];
      if (close !== undefined) open.push({ close, at: position });
      else if (/^[)\]}]$/.test(text)) {
        const expected = open.pop()?.close;
        if (expected === undefined) throw new TemplateSyntaxError(`unexpected ${text}`, placeOf(position));
        if (expected !== text) {
          throw new TemplateSyntaxError(
            `unexpected ${text}, where ${expected} is expected`,
            placeOf(position),
          );
        }
      }
    }
    if (type === 'string') push(type, unescapeString(text.slice(1, -1), placeOf(position)), position);
    else if (type !== 'space') push(type, text, position);
    position += text.length;
  }
}

function next(source: string, position: number): readonly [TokenType | 'space', string] | undefined {
  for (const [type, pattern] of INSIDE) {
    const text = match(pattern, source, position);
    if (text !== undefined) return [type, text];
  }
  return undefined;
}

function match(pattern: RegExp, source: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(source)?.[0];
}

function neverClosed(variable: boolean, place: Place, bracket: string | undefined): TemplateSyntaxError {
  if (bracket !== undefined)
    return new TemplateSyntaxError(`a bracket is never closed with ${bracket}`, place);
  return variable
    ? new TemplateSyntaxError('{{ is never closed', place, closeWith('}}'))
    : new TemplateSyntaxError('{% is never closed', place, closeWith('%}'));
}

function strange(source: string, position: number, placeOf: (at: number) => Place): TemplateSyntaxError {
  const char = String.fromCodePoint(source.codePointAt(position) ?? 0);
  if (char === "'" || char === '"')
    return new TemplateSyntaxError(`the quote ${char} is never closed`, placeOf(position));
  return new TemplateSyntaxError(
    `the character ${JSON.stringify(char)} means nothing here`,
    placeOf(position),
  );
}

/** Line and column of an offset, in the source as it was read. */
function placer(source: string): (at: number) => Place {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { lineno: low, colno: at - (starts[low] ?? 0) };
  };
}
