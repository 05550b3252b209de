import { typeError } from '../errors.js';
import { Dict } from '../values/dict.js';
import { Namespace, Tuple } from '../values/objects.js';
import { iterate } from '../values/sequences.js';
import { str } from '../values/text.js';
import type { Value } from '../values/types.js';
import type { Builtin } from './environment.js';
import { makeRange } from './range.js';

/** The pairs of dict(pairs, name=value). */
function pairs(positional: Value, keywords: Value): readonly (readonly [Value, Value])[] {
  const [from, ...more] = positional instanceof Tuple ? positional.items : [];
  if (more.length > 0) throw typeError('dict takes one list of pairs, or names');
  const start =
    from === undefined
      ? []
      : from instanceof Dict
        ? from.entries()
        : iterate(from).map((pair) => {
            const [key, value, ...rest] = iterate(pair);
            if (key === undefined || value === undefined || rest.length > 0)
              throw typeError('dict wants pairs');
            return [key, value] as const;
          });
  return [...start, ...(keywords instanceof Dict ? keywords.entries() : [])];
}

/** Jinja2's own functions. */
export const functions: Readonly<Record<string, Builtin>> = {
  range: { parameters: ['start', 'stop?', 'step?'], run: (_environment, args) => makeRange(args) },
  dict: {
    parameters: [],
    variadic: true,
    run: (_environment, [positional = null, keywords = null]) => new Dict(pairs(positional, keywords)),
  },
  namespace: {
    parameters: [],
    variadic: true,
    run: (_environment, [positional = null, keywords = null]) =>
      new Namespace(new Map(pairs(positional, keywords).map(([key, value]) => [str(key), value]))),
  },
};
