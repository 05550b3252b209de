import { Parser } from './nunjucks.js';
import { TemplateSyntaxError, type Token } from './tokens.js';

export interface Tokens {
  nextToken(): Token | undefined;
  /** The token after the one that the parser has peeked at. */
  upcoming(): Token | undefined;
  /** The last token handed out, for errors at the end. */
  last(): Token | undefined;
}

/** Nunjucks' parser with what a grammar asks of its tokens. */
export class TokenReader extends Parser {
  protected readonly source: Tokens;

  constructor(tokens: Tokens) {
    super(tokens);
    this.source = tokens;
  }

  /** The next token; there is always one inside a tag. */
  protected current(): Token {
    const token = this.peekToken() ?? this.source.last();
    if (token === undefined) throw new TemplateSyntaxError('the template is empty', { lineno: 0, colno: 0 });
    return token;
  }

  protected take(): Token {
    const token = this.current();
    this.nextToken();
    return token;
  }

  protected isOperator(...values: readonly string[]): boolean {
    const { type, value } = this.current();
    return type === 'operator' && values.includes(value);
  }

  protected isName(...values: readonly string[]): boolean {
    const { type, value } = this.current();
    return type === 'symbol' && values.includes(value);
  }

  protected skipOperator(value: string): boolean {
    return this.skipValue('operator', value);
  }

  protected expectOperator(value: string): Token {
    if (!this.isOperator(value)) throw this.unexpected(value);
    return this.take();
  }

  protected expectName(what: string): Token {
    if (this.current().type !== 'symbol') throw this.unexpected(what);
    return this.take();
  }

  protected unexpected(wanted: string): TemplateSyntaxError {
    const token = this.current();
    const shown =
      token.type === 'variable-end' || token.type === 'block-end'
        ? 'the tag ends'
        : `there is ${token.type === 'string' ? 'a text' : token.value}`;
    return new TemplateSyntaxError(`expected ${wanted}, but ${shown}`, token);
  }
}
