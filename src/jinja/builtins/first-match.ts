import { Undefined } from '../values/objects.js';
import { isText } from '../values/operators.js';
import { iterate } from '../values/sequences.js';
import { str } from '../values/text.js';
import type { Builtin } from './environment.js';

/** `pex_find_first_match`: the first item of a list in which the pattern is found; undefined where there is none. */
export const firstMatch: Builtin = {
  parameters: ['values', 'pattern'],
  run: (environment, [values = null, pattern = null]) => {
    const regex = environment.pattern(str(pattern));
    const items = isText(values) ? [values] : iterate(values);
    return (
      items.find((item) => regex.test(str(item))) ?? new Undefined('what pex_find_first_match finds', true)
    );
  },
};
