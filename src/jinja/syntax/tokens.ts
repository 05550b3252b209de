/** Where something stands in the source, counted as Nunjucks counts: both from 0. */
export interface Place {
  readonly lineno: number;
  readonly colno: number;
}

export type TokenType =
  | 'data'
  | 'variable-start'
  | 'variable-end'
  | 'block-start'
  | 'block-end'
  | 'symbol'
  | 'string'
  | 'int'
  | 'float'
  | 'operator';

/** A token in the shape that Nunjucks' parser moves about. */
export interface Token extends Place {
  readonly type: TokenType;
  /** The text as written; of data and strings, what it means. */
  readonly value: string;
}

/** A template that cannot be read, at its place. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
  readonly place: Place;
  readonly hint: string | undefined;
  readonly code: 'ROLLCALL_ERR_TEMPLATE_SYNTAX' | 'ROLLCALL_ERR_TEMPLATE_TAG';
  constructor(
    message: string,
    place: Place,
    {
      hint,
      code = 'ROLLCALL_ERR_TEMPLATE_SYNTAX',
    }: { readonly hint?: string; readonly code?: TemplateSyntaxError['code'] } = {},
  ) {
    super(message);
    this.place = { lineno: place.lineno, colno: place.colno };
    this.hint = hint;
    this.code = code;
  }
}
