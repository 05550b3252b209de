import { bareVariable } from '../jinja/bare-variable.js';
import type { JinjaContext, JinjaTemplate } from '../jinja/types.js';
import { RollcallError } from '../lib/errors.js';

/** A value that a person may go without: undefined where it is empty, or where they lack what it is made of. */
export type OptionalValue = (context: JinjaContext) => string | undefined;

/** Renders a template that need not give anything. */
export function optionalValue(
  template: JinjaTemplate | undefined,
  source: string | undefined,
): OptionalValue {
  if (template === undefined) return () => undefined;
  const name = bareVariable(template, source ?? '');
  return (context) => {
    // Most people have no preferredLanguage.
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
