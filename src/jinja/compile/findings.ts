import { didYouMean } from '../../lib/closest.js';
import type { ErrorCode } from '../../lib/error-codes.js';
import type { Problem } from '../../lib/errors.js';
import type { Place } from '../syntax/tokens.js';
import type { CompileAt, ImpureUse, SymbolUse } from '../types.js';

/** A place in the file that the source is written in, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is found out about a template while it is compiled. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly symbols: SymbolUse[] = [];
  readonly impure: ImpureUse[] = [];
  readonly positions: Position[] = [];
  readonly #at: CompileAt;

  constructor(at: CompileAt) {
    this.#at = at;
  }

  position({ lineno, colno }: Place): Position {
    const { line = 1, column = 1 } = this.#at;
    return { line: line + lineno, column: lineno === 0 ? column + colno : colno + 1 };
  }

  /** A number that stands for the place in the generated code. */
  place(place: Place): number {
    return this.positions.push(this.position(place)) - 1;
  }

  problem(code: ErrorCode, message: string, place: Place, hint?: string): void {
    this.problems.push({
      severity: 'error',
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      file: this.#at.file,
      ...this.position(place),
    });
  }

  /** "There is no filter uper" with the one that was meant. */
  unknown(
    code: ErrorCode,
    what: string,
    name: string,
    names: Iterable<string>,
    place: Place,
    hint?: string,
  ): void {
    this.problem(code, `there is no ${what} ${name}`, place, hint ?? didYouMean(name, names));
  }

  use(use: Omit<SymbolUse, 'line' | 'column'>, place: Place): void {
    this.symbols.push({ ...use, ...this.position(place) });
  }

  impureUse(name: string, place: Place): void {
    this.impure.push({ name, ...this.position(place) });
  }
}
