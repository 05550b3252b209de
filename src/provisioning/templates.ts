import { bareVariable } from '../jinja/bare-variable.js';
import type { JinjaContext, JinjaTemplate, SymbolUse } from '../jinja/types.js';
import { type Problem, RollcallError } from '../lib/errors.js';
import { maskSecret } from '../model/mask.js';
import type { PrepareOptions } from './system.js';

/** Compiled templates of a section's values, by key. */
export interface ValueTemplates<Key extends string> {
  readonly problems: readonly Problem[];
  readonly symbols: readonly SymbolUse[];
  /**
   * The rendered value; undefined where the section has no such template, where it renders to nothing, or where all
   * that it lacks is a user name or password, which people of a pattern without them do not have.
   */
  render(key: Key, context: JinjaContext): string | undefined;
  /** The rendered value, which must not lack anything; empty where the section has no such template. */
  renderWhole(key: Key, context: JinjaContext): string;
  /**
   * The same for a credential: masked when asked, unless `device_password` (masked already by the caller) made it.
   */
  renderSecret(key: Key, context: JinjaContext, mask: boolean): string | undefined;
}

const OPTIONAL_VARIABLES: ReadonlySet<unknown> = new Set(['device_username', 'device_password']);

/** Compiles the templates of a section; a link is no HTML, so nothing is escaped here. */
export function compileValues<Key extends string>(
  sources: Readonly<Record<Key, string | undefined>>,
  { jinja, at }: PrepareOptions,
): ValueTemplates<Key> {
  const templates = new Map<string, JinjaTemplate>();
  const bare = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [key, source] of Object.entries<string | undefined>(sources)) {
    if (source === undefined) continue;
    const compiled = jinja.compile(source, { ...at(key), autoescape: false });
    problems.push(...compiled.problems);
    if (compiled.template === undefined) continue;
    templates.set(key, compiled.template);
    const name = bareVariable(compiled.template, source);
    if (name !== undefined && OPTIONAL_VARIABLES.has(name)) bare.set(key, name);
    for (const { name, line, column } of compiled.template.impure)
      problems.push({
        severity: 'error',
        code: 'ROLLCALL_ERR_IMPURE',
        message: `"${key}" uses ${name}, which gives another value in each run, so that everybody would be written to again.`,
        file: at(key).file,
        line,
        column,
      });
  }

  const renderWhole = (key: Key, context: JinjaContext) => templates.get(key)?.render(context) ?? '';
  const render = (key: Key, context: JinjaContext): string | undefined => {
    const needed = bare.get(key);
    if (needed !== undefined && context[needed] === undefined) return undefined;
    try {
      const text = renderWhole(key, context);
      return text === '' ? undefined : text;
    } catch (error) {
      if (
        error instanceof RollcallError &&
        error.code === 'ROLLCALL_ERR_UNDEFINED_VARIABLE' &&
        OPTIONAL_VARIABLES.has(error.facts['variable'])
      )
        return undefined;
      throw error;
    }
  };
  return {
    problems,
    symbols: [...templates.values()].flatMap((template) => [...template.symbols]),
    render,
    renderWhole,
    renderSecret(key, context, mask) {
      const value = render(key, context);
      const maskedAlready = templates.get(key)?.symbols.some(({ name }) => name === 'device_password');
      return value !== undefined && mask && !maskedAlready ? maskSecret(value) : value;
    },
  };
}
