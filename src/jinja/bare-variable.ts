import type { JinjaTemplate } from './types.js';

/** `{{ name }}`, perhaps filtered: nothing that could make something of a name that is undefined. */
const BARE_VARIABLE = /^\s*\{\{\s*([A-Za-z_]\w*)\s*(?:\|\s*[a-z_]+\s*)*\}\}\s*$/;

/**
 * The variable without which the template can only fail, where it is as simple as that: whoever takes the failure for
 * "nothing" can look first, since an error with its stack costs more than all the rest of a person.
 */
export function bareVariable(template: JinjaTemplate, source: string): string | undefined {
  const use = template.symbols.length === 1 ? template.symbols[0] : undefined;
  return use?.guarded === false ? BARE_VARIABLE.exec(source)?.[1] : undefined;
}
