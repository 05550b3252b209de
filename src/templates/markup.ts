import { BLOCK_MASK, OUTPUT_MASK } from './tokens.js';

export interface Attribute {
  readonly name: string;
  readonly start: number;
  /** Offsets of the value without its quotes; both at the end of the name where there is none. */
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly quote: '"' | "'" | '';
  readonly hasValue: boolean;
}

export interface OpenTag {
  readonly kind: 'open';
  /** Lower-case. */
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly start: number;
  readonly end: number;
  readonly selfClosed: boolean;
}

export type Markup =
  | OpenTag
  | { readonly kind: 'close'; readonly name: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'comment' | 'text' | 'css' | 'script';
      readonly start: number;
      readonly end: number;
    };

export interface Fault {
  readonly start: number;
  readonly message: string;
  /** True where everything after it is read wrongly, so that nesting cannot be judged. */
  readonly derails?: true;
}

const NAME = /[a-zA-Z][\w:.-]*/y;
const SPACE = /[\s/]*/y;
const ATTRIBUTE = new RegExp(`[^\\s"'<>/=${BLOCK_MASK}${OUTPUT_MASK}]+`, 'y');
const UNQUOTED = /[^\s"'<>`]+/y;

function match(pattern: RegExp, text: string, from: number): string | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0];
}

/** Reads attributes from `from` up to the tag's end. */
function readTag(text: string, start: number, name: string, faults: Fault[]): OpenTag {
  const attributes: Attribute[] = [];
  let i = start + 1 + name.length;
  const done = (end: number, selfClosed = false): OpenTag => ({
    kind: 'open',
    name: name.toLowerCase(),
    attributes,
    start,
    end,
    selfClosed,
  });
  for (;;) {
    const gap = match(SPACE, text, i) ?? '';
    i += gap.length;
    const character = text[i];
    if (character === '>') return done(i + 1, gap.endsWith('/'));
    if (character === undefined || character === '<') {
      faults.push({ start, message: `The tag <${name}> is never closed with ">"`, derails: true });
      return done(i);
    }
    if (character === BLOCK_MASK || character === OUTPUT_MASK) {
      i++;
      continue;
    }
    const attribute = match(ATTRIBUTE, text, i);
    if (attribute === undefined) {
      faults.push({ start: i, message: `A stray ${character} in the tag <${name}>` });
      i++;
      continue;
    }
    const at = i;
    i += attribute.length;
    if (gap === '' && attributes.length > 0) {
      faults.push({ start: at, message: `No space before the attribute "${attribute}" of <${name}>` });
    }
    if (attributes.some((other) => other.name === attribute.toLowerCase())) {
      faults.push({ start: at, message: `<${name}> has the attribute "${attribute}" twice` });
    }
    const equals = match(/\s*=\s*/y, text, i);
    if (equals === undefined) {
      attributes.push({
        name: attribute.toLowerCase(),
        start: at,
        valueStart: i,
        valueEnd: i,
        quote: '',
        hasValue: false,
      });
      continue;
    }
    i += equals.length;
    const quote = text[i] === '"' ? '"' : text[i] === "'" ? "'" : '';
    const valueStart = quote === '' ? i : i + 1;
    let valueEnd =
      quote === '' ? i + (match(UNQUOTED, text, i)?.length ?? 0) : text.indexOf(quote, valueStart);
    if (valueEnd === -1) {
      faults.push({
        start: at,
        message: `The value of "${attribute}" of <${name}> has no closing quote`,
        derails: true,
      });
      valueEnd = text.length;
    }
    const value = text.slice(valueStart, valueEnd);
    if (valueEnd < text.length && quote !== '' && /<[a-z/]/i.test(value) && /[\n>]/.test(value)) {
      faults.push({
        start: at,
        message: `The value of "${attribute}" of <${name}> seems to lack its closing quote`,
        derails: true,
      });
    }
    attributes.push({
      name: attribute.toLowerCase(),
      start: at,
      valueStart,
      valueEnd,
      quote,
      hasValue: true,
    });
    i = quote === '' ? Math.max(valueEnd, valueStart) : valueEnd + 1;
  }
}

/**
 * Reads HTML or MJML whose tokens are masked into tags, comments and text with their offsets, and lists what is not well
 * formed within a tag. Whether tags match is asked of {@link checkNesting}.
 */
export function readMarkup(text: string, from = 0, to = text.length): { parts: Markup[]; faults: Fault[] } {
  const parts: Markup[] = [];
  const faults: Fault[] = [];
  let textStart = from;
  const flush = (end: number) => {
    if (end > textStart) parts.push({ kind: 'text', start: textStart, end });
  };
  let i = from;
  while (i < to) {
    const open = text.indexOf('<', i);
    if (open === -1 || open >= to) break;
    if (text.startsWith('<!--', open)) {
      flush(open);
      const close = text.indexOf('-->', open + 4);
      if (close === -1)
        faults.push({ start: open, message: 'This comment is never closed with "-->"', derails: true });
      i = close === -1 ? to : close + 3;
      parts.push({ kind: 'comment', start: open, end: i });
    } else if (text[open + 1] === '!' || text[open + 1] === '?') {
      flush(open);
      const close = text.indexOf('>', open);
      i = close === -1 ? to : close + 1;
    } else if (text[open + 1] === '/') {
      const name = match(NAME, text, open + 2);
      const close = text.indexOf('>', open);
      if (name === undefined || close === -1) {
        faults.push({ start: open, message: 'This closing tag is not finished' });
        i = open + 2;
        continue;
      }
      flush(open);
      i = close + 1;
      parts.push({ kind: 'close', name: name.toLowerCase(), start: open, end: i });
    } else {
      const name = match(NAME, text, open + 1);
      if (name === undefined) {
        faults.push({ start: open, message: 'A bare "<" in the text: write &lt;' });
        i = open + 1;
        continue;
      }
      flush(open);
      const tag = readTag(text, open, name, faults);
      parts.push(tag);
      i = tag.end;
      const rawText =
        tag.name === 'style' || tag.name === 'mj-style' ? 'css' : tag.name === 'script' ? 'script' : '';
      if (rawText !== '' && !tag.selfClosed) {
        const close = text.toLowerCase().indexOf(`</${tag.name}`, i);
        if (close !== -1) {
          parts.push({ kind: rawText, start: i, end: close });
          i = close;
        }
      }
    }
    textStart = i;
  }
  flush(to);
  return { parts, faults };
}

/** The attribute of that name, if the tag has it. */
export function attributeOf(tag: OpenTag, name: string): Attribute | undefined {
  return tag.attributes.find((attribute) => attribute.name === name);
}
