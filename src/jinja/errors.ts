/** What Python would raise while an expression is computed. Becomes a RollcallError with the template's place. */
export class PyError extends Error {
  override readonly name = 'PyError';
  /** TypeError, ValueError, … */
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Something undefined was used. */
export class UndefinedError extends Error {
  override readonly name = 'UndefinedError';
  readonly what: string;
  readonly place: number;
  constructor(what: string, place: number) {
    super(`${what} is undefined`);
    this.what = what;
    this.place = place;
  }
}

/** A list, text or number larger than anyone means. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

export const typeError = (message: string): PyError => new PyError('TypeError', message);
export const valueError = (message: string): PyError => new PyError('ValueError', message);
