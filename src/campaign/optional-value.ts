import type { JinjaContext, JinjaTemplate } from '../jinja/types.js';
import { RollcallError } from '../lib/errors.js';

/** A value that a person may go without: undefined where it is empty, or where they lack what it is made of. */
export type OptionalValue = (context: JinjaContext) => string | undefined;

/** `{{ name }}`, perhaps filtered: nothing that could make something of a name that is undefined. */
const BARE_VARIABLE = /^\s*\{\{\s*([A-Za-z_]\w*)\s*(?:\|\s*[a-z_]+\s*)*\}\}\s*$/;

/** Renders a template that need not give anything. */
export function optionalValue(
  template: JinjaTemplate | undefined,
  source: string | undefined,
): OptionalValue {
  if (template === undefined) return () => undefined;
  const use = template.symbols.length === 1 ? template.symbols[0] : undefined;
  const name = use?.guarded === false ? BARE_VARIABLE.exec(source ?? '')?.[1] : undefined;
  return (context) => {
    // Most people have no preferredLanguage, and an error with its stack costs more than all the rest of an assignment.
    if (name !== undefined && context[name] === undefined) return undefined;
    try {
      return template.render(context).trim() || undefined;
    } catch (error) {
      if (error instanceof RollcallError && error.code === 'ROLLCALL_ERR_UNDEFINED_VARIABLE')
        return undefined;
      throw error;
    }
  };
}
