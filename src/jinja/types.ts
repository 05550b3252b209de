import type { Problem } from '../lib/errors.js';
import type { Lines } from '../model/lines.js';
import type { SafeMarkup } from './values/markup.js';

/** What a caller may put into a template's context. An own property that is `undefined` counts as not there. */
export type HostValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | SafeMarkup
  | readonly HostValue[]
  | { readonly [name: string]: HostValue };

export type JinjaContext = Readonly<Record<string, HostValue>>;

/** One use of a variable that the template does not make itself. */
export interface SymbolUse {
  /** The root name: `vars` of `vars.helpdesk`. */
  readonly name: string;
  /** The root and the constant steps from it: `['vars', 'helpdesk']`, `['attributes', 'x-y']`. Methods called are not in it. */
  readonly path: readonly string[];
  /** 1-based, in the file that {@link CompileAt} names. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** True where it may be undefined: the operand of `default`, of `is defined`, or a condition. */
  readonly guarded: boolean;
  /** True where a `{% set %}` in one branch may have given it a value: worth asking for if known, not an unknown variable. */
  readonly maybeSet: boolean;
}

/** A use of something that gives another result each time. */
export interface ImpureUse {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** Where a template's source is written, and what it is for. */
export interface CompileAt {
  readonly file: string;
  /** The line of the source's first character, 1-based; 1 where the file is the template. */
  readonly line?: number;
  /** The column of the source's first character, 1-based. */
  readonly column?: number;
  /** On for HTML, off for text, subjects, aliases and addresses. */
  readonly autoescape: boolean;
}

/** A compiled template. */
export interface JinjaTemplate {
  /**
   * Renders it, synchronously.
   * @throws RollcallError `ROLLCALL_ERR_UNDEFINED_VARIABLE` (facts: variable, file, line, column) where something undefined
   *   is printed, filtered or passed on; `ROLLCALL_ERR_RENDER` where Python would raise; `ROLLCALL_ERR_TEMPLATE_LIMIT`.
   */
  render(context: JinjaContext): string;
  /** The same in pieces: the lines that are the same for everybody are the same objects each time. */
  renderLines(context: JinjaContext): Lines;
  readonly symbols: readonly SymbolUse[];
  readonly impure: readonly ImpureUse[];
}

export interface Compiled {
  /** Absent where a problem is an error. */
  readonly template?: JinjaTemplate;
  readonly problems: readonly Problem[];
}

export interface Jinja {
  compile(source: string, at: CompileAt): Compiled;
}
