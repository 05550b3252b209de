import { typeError } from '../errors.js';
import type { Kwargs, Value } from '../values/types.js';

/** A parameter list: `value`, `length?`; a name that ends in `?` may be left out. */
export type Parameters = readonly string[];

/** Arguments by position, as Python binds them; what is left out is undefined. */
export function bind(
  name: string,
  parameters: Parameters,
  args: readonly Value[],
  kwargs: Kwargs,
): readonly (Value | undefined)[] {
  if (args.length > parameters.length) {
    throw typeError(`${name} takes at most ${parameters.length} arguments, not ${args.length}`);
  }
  const bound: (Value | undefined)[] = [...args];
  for (const [key, value] of kwargs) {
    const index = parameters.findIndex((parameter) => parameter === key || parameter === `${key}?`);
    if (index < 0) throw typeError(`${name} has no argument ${key}`);
    if (bound[index] !== undefined) throw typeError(`${name} was given ${key} twice`);
    bound[index] = value;
  }
  for (const [index, parameter] of parameters.entries()) {
    if (bound[index] === undefined && !parameter.endsWith('?')) {
      throw typeError(`${name} needs the argument ${parameter}`);
    }
  }
  return bound;
}
