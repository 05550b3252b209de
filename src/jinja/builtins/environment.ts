import type { Value } from '../values/types.js';
import type { Parameters } from './bind.js';

/** What filters and functions may ask of the template they run in. */
export interface Environment {
  readonly autoescape: boolean;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  randomBytes(size: number): Uint8Array;
  pexHash(text: string): string;
  /** A pattern of Python's, compiled. */
  pattern(source: string): RegExp;
}

export type Given = readonly (Value | undefined)[];

/** A filter, or a function: its parameters by name, and what it does with the arguments in that order. */
export interface Builtin {
  readonly parameters: Parameters;
  /** Takes any number of arguments after the first, and keywords: given as a tuple and a dict after the first. */
  readonly variadic?: boolean;
  /** May be given something undefined; `quiet`: only what is not strictly so, as text that is empty. */
  readonly undefined?: 'any' | 'quiet';
  /** Gives another result each time. */
  readonly impure?: boolean;
  readonly run: (environment: Environment, args: Given) => Value;
}
