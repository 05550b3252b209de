/** A piece of template language in a file: `{{ … }}`, `{% … %}` or `{# … #}`. */
export interface Token {
  readonly kind: 'output' | 'block' | 'comment';
  readonly start: number;
  /** The offset after its last character. */
  readonly end: number;
  readonly text: string;
  /** The first word of a block: if, endif, set … */
  readonly keyword: string;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** Where something begins that does not end. */
  readonly unclosed: readonly { readonly start: number; readonly text: string }[];
}

const CLOSING = { '{{': '}}', '{%': '%}', '{#': '#}' } as const;

function kindOf(open: keyof typeof CLOSING): Token['kind'] {
  return open === '{{' ? 'output' : open === '{%' ? 'block' : 'comment';
}

/** The offset after the closing delimiter, or undefined where another token begins first or the file ends. */
function endOf(text: string, start: number, open: keyof typeof CLOSING): number | undefined {
  const close = CLOSING[open];
  if (open === '{#') {
    const end = text.indexOf(close, start + 2);
    return end === -1 ? undefined : end + 2;
  }
  let quote = '';
  for (let i = start + 2; i < text.length; i++) {
    const character = text[i];
    if (quote !== '') {
      if (character === '\\') i++;
      else if (character === quote) quote = '';
    } else if (text.startsWith(close, i)) {
      return i + 2;
    } else if (text.startsWith('{{', i) || text.startsWith('{%', i)) {
      return undefined;
    } else if (character === '"' || character === "'") {
      quote = character;
    }
  }
  return undefined;
}

/** Finds the tokens as the template language's own lexer does: quotes shield delimiters, `raw` shields everything. */
export function findTokens(text: string): Tokens {
  const tokens: Token[] = [];
  const unclosed: { start: number; text: string }[] = [];
  const opening = /\{[{%#]/g;
  for (let found = opening.exec(text); found; found = opening.exec(text)) {
    const open = found[0] as keyof typeof CLOSING; // the expression matches nothing else
    const start = found.index;
    const end = endOf(text, start, open);
    if (end === undefined) {
      unclosed.push({ start, text: open });
      continue;
    }
    const whole = text.slice(start, end);
    const kind = kindOf(open);
    const keyword = kind === 'block' ? (/^\{%[-+]?\s*(\w+)/.exec(whole)?.[1] ?? '') : '';
    tokens.push({ kind, start, end, text: whole, keyword });
    opening.lastIndex = end;
    if (keyword === 'raw' || keyword === 'verbatim') {
      const closing = new RegExp(`\\{%[-+]?\\s*end${keyword}\\s*[-+]?%\\}`, 'g');
      closing.lastIndex = end;
      const last = closing.exec(text);
      if (last) opening.lastIndex = last.index;
    }
  }
  return { tokens, unclosed };
}

/** Stands for one character of an output token in masked text, so that markup can be read without stumbling over it. */
export const OUTPUT_MASK = '\uE000';
/** Stands for one character of a block token in masked text. */
export const BLOCK_MASK = '\uE001';

/** The text with every token replaced by as many mask characters; comments by spaces. Offsets stay as they were. */
export function maskTokens(text: string, tokens: readonly Token[]): string {
  let masked = '';
  let position = 0;
  for (const { kind, start, end } of tokens) {
    const mask = kind === 'output' ? OUTPUT_MASK : kind === 'block' ? BLOCK_MASK : ' ';
    masked += text.slice(position, start) + mask.repeat(end - start);
    position = end;
  }
  return masked + text.slice(position);
}

/** The tokens that begin within a range. */
export function tokensWithin(tokens: readonly Token[], start: number, end: number): readonly Token[] {
  return tokens.filter((token) => token.start >= start && token.start < end && token.kind !== 'comment');
}
